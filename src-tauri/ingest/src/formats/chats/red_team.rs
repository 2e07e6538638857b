//! hh red-team: people tried to make a model do harm, and rated how well they succeeded.
//!
//! The rating (0 to 4) is about the whole conversation, and **higher is worse**. A number on that scale would be read
//! the wrong way round by anybody who does not know it, so it becomes a polarity (0 and 1 good, 2 neither, 3 and 4
//! bad) with the rating as label and in the metadata, and no score. The scores of harmlessness come from a model: that
//! of the transcript is a judge's (higher is better), that of the task stays in the metadata.

use super::{Chat, Invented, hh, id_of, most, rest, tags_of, turns};
use crate::{
    Detected, Out, Role, RowReader,
    row::{Reason, Row},
};
use hearback_domain::{Author, FeedbackRecord, FeedbackType, Polarity, Record, SessionRecord, TurnRecord};

const HARMLESSNESS: &str = "min_harmlessness_score_transcript";

pub static RED_TEAM: Chat = Chat {
    name: "hh-red-team",
    title: "hh red-team attempts",
    detect: |sample| {
        most(sample, |row| row.has("transcript") && row.has(HARMLESSNESS)).then(|| {
            let reason = "records have a transcript and min_harmlessness_score_transcript";
            Detected::new(0.96, reason, Role::Mixed, "hh red-team attempts")
        })
    },
    reader: || Box::<Rows>::default(),
};

#[derive(Default)]
struct Rows(Invented);

impl RowReader for Rows {
    fn read(&mut self, row: &mut Row<'_>, out: &mut Out) -> Result<(), Reason> {
        let transcript = row.take("transcript");
        let list = hh::transcript(&transcript, "transcript")?;
        let id = self.0.id([&transcript]);
        let user_id = id_of(row, &["red_team_member_id"])?;
        let (model, size) = (id_of(row, &["model_type"])?, id_of(row, &["num_params"])?);
        let base = TurnRecord {
            id: id.clone(),
            session_id: Some(id.clone()),
            model_version: size.clone().or_else(|| model.clone()),
            model,
            user_id: user_id.clone(),
            ..TurnRecord::default()
        };
        let rating = row.number("rating")?;
        let harmlessness = row.number(HARMLESSNESS)?;
        let tags = tags_of(row, "tags")?;
        let mut session = SessionRecord { id: id.clone(), user_id: user_id.clone(), ..SessionRecord::default() };
        session.metadata.extend(size.map(|size| ("num_params".to_owned(), size)));
        session.metadata.extend(rest(row));

        let about = |name: &str| {
            let mut feedback = FeedbackRecord::new(format!("{id}/{name}"), FeedbackType::Rating);
            feedback.session_id = Some(id.clone());
            feedback.score_name = Some(name.to_owned());
            feedback.model.clone_from(&base.model);
            feedback.model_version.clone_from(&base.model_version);
            feedback.tags.clone_from(&tags);
            feedback
        };
        let mut feedbacks = Vec::new();
        if let Some(rating) = rating {
            let mut feedback = about("rating");
            feedback.user_id = user_id;
            feedback.label = Some(rating.to_string());
            feedback.polarity = Some(if rating < 2.0 {
                Polarity::Positive
            } else if rating > 2.0 {
                Polarity::Negative
            } else {
                Polarity::Neutral
            });
            feedback.metadata.insert("rating".into(), rating.to_string());
            feedback.metadata.insert("scale".into(), "0 to 4, higher is worse".into());
            feedbacks.push(feedback);
        }
        if let Some(score) = harmlessness {
            let mut feedback = about(HARMLESSNESS);
            feedback.author = Author::Judge;
            feedback.score = Some(score);
            feedbacks.push(feedback);
        }
        out.push(Record::Session(session));
        for mut turn in turns::turns(list, &base, out) {
            turn.tags.clone_from(&tags);
            out.push(Record::Turn(turn));
        }
        for feedback in feedbacks {
            out.push(Record::Feedback(feedback));
        }
        Ok(())
    }
}

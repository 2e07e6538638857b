//! Where does derived feedback stand, and what is it derived from?
//!
//! Feedback derived from the trail is feedback like any other, with the author `derived` and no source of its own
//! (0). It is written anew for every session that changed; sessions in which the export itself tells what users did
//! have none.

use duckdb::{Connection, params};

use super::{Snapshot, Store, bump_data_version, facts, failed, property, read, set_property};
use hearback_domain::{
    Timestamp,
    error::Result,
    signal::{DerivedSignal, SignalTurn},
    trail_order::{self, TurnPlace},
};

/// From the turns of one session, in order, to its signals.
pub type SignalDeriver = Box<dyn FnMut(&[SignalTurn]) -> Vec<DerivedSignal> + Send>;

/// Which sessions are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    Every,
    /// Those of which the sources from this one on speak.
    Since(i64),
}

impl Scope {
    fn sessions(self) -> String {
        match self {
            // Also those that are gone: what was derived from them goes, too.
            Self::Every => {
                "select id from sessions union select session_id from feedback where author = 'derived'".to_owned()
            }
            Self::Since(first) => format!(
                "select session_id from turns
                 where source_id >= {first} or id in (select id from turn_parts where source_id >= {first})
                 union
                 select t.session_id from (select into_id from turns_apart
                                           where source_id >= {first}
                                              or id in (select id from turn_parts where source_id >= {first})) u
                 join (select id, session_id from turns union all select into_id, session_id from turns_apart) t
                     on t.id = u.into_id
                 union select session_id from feedback where updated_by >= {first}
                 union select t.session_id from turns t join feedback f on f.turn_id = t.id
                 where f.updated_by >= {first}"
            ),
        }
    }
}

const SWITCHED_OFF: &str = "signals_off";

impl Snapshot<'_> {
    /// The rules that the user switched off.
    pub fn switched_off_signals(&self) -> Result<Vec<String>> {
        let text = property(self.connection(), SWITCHED_OFF)?.unwrap_or_default();
        Ok(text.split(',').filter(|word| !word.is_empty()).map(str::to_owned).collect())
    }
}

impl Store {
    /// Switches rules off and derives all signals anew.
    ///
    /// # Errors
    /// [`hearback_domain::error::Kind::Workspace`] where it cannot be kept.
    pub fn switch_signals_off(
        &self,
        rules: &[String],
        by: &mut dyn FnMut(&[SignalTurn]) -> Vec<DerivedSignal>,
    ) -> Result<()> {
        self.write(|connection| {
            set_property(connection, SWITCHED_OFF, &rules.join(","))?;
            derive(connection, Scope::Every, by)?;
            bump_data_version(connection)?;
            facts::rebuild(connection)
        })
    }
}

const TASK: &str = "derive signals from the trail";

/// Turns that are held in memory at once, about.
const BATCH: u64 = 50_000;

fn has_sessions(connection: &Connection) -> Result<bool> {
    read::scalar(connection, TASK, "select count(*) > 0 from turns where session_id is not null", [])
}

/// Writes the derived feedback of these sessions anew. Facts follow with the caller.
pub(super) fn derive(
    connection: &Connection,
    scope: Scope,
    by: &mut dyn FnMut(&[SignalTurn]) -> Vec<DerivedSignal>,
) -> Result<()> {
    let failed = failed(TASK);
    // An import takes no turns away: where none has a session, nothing was derived and nothing can be.
    if scope != Scope::Every && !has_sessions(connection)? {
        return Ok(());
    }
    connection
        .execute_batch(&format!(
            "create or replace temp table signal_sessions as select distinct session_id as id
             from ({}) s(session_id) where session_id is not null;
             delete from metadata where owner = 'feedback' and owner_id in (
                 select id from feedback
                 where author = 'derived' and id like 'derived:%' and session_id in (select id from signal_sessions));
             delete from feedback
             where author = 'derived' and id like 'derived:%' and session_id in (select id from signal_sessions);
             delete from signal_sessions where id in (
                 select coalesce(f.session_id, t.session_id) from feedback f left join turns t on t.id = f.turn_id
                 where f.feedback_type = 'implicit' and f.author = 'human'
                   and coalesce(f.session_id, t.session_id) is not null);
             create or replace temp table derived (
                 id varchar, happened bigint, session_id varchar, turn_id varchar, rule varchar, weight double,
                 polarity varchar);",
            scope.sessions()
        ))
        .map_err(&failed)?;
    let turns: u64 = read::scalar(
        connection,
        TASK,
        "select count(*) from turns where session_id in (select id from signal_sessions)",
        [],
    )?;
    let parts = turns.div_ceil(BATCH);
    for part in 0..parts {
        derive_part(connection, part, parts, by)?;
    }
    connection
        .execute_batch(
            "insert into feedback (id, source_id, updated_by, created_at, session_id, turn_id, feedback_type, author,
                                   stated_polarity, label_polarity, label, reasons, confidence, tags)
             select id, 0, 0, make_timestamp(happened), session_id, turn_id, 'implicit', 'derived',
                    polarity, polarity, rule, [], weight, []
             from derived order by happened, id;
             drop table derived;
             drop table signal_sessions;",
        )
        .map_err(&failed)
}

fn derive_part(
    connection: &Connection,
    part: u64,
    parts: u64,
    by: &mut dyn FnMut(&[SignalTurn]) -> Vec<DerivedSignal>,
) -> Result<()> {
    let failed = failed(TASK);
    // Put in order here: the database would move every text about to do so.
    let mut turns: Vec<(String, Option<i64>, SignalTurn)> = read::all(
        connection,
        TASK,
        "select t.session_id, t.position, t.id, epoch_us(t.created_at) as created_at, t.query, t.output
         from turns t
         where t.session_id in (select id from signal_sessions) and hash(t.session_id) % ? = ?",
        [parts, part],
        |row| {
            let turn = SignalTurn {
                id: row.get("id")?,
                created_at: row.moment_if_any("created_at")?,
                query: row.get("query")?,
                output: row.get("output")?,
            };
            Ok((row.get("session_id")?, row.get("position")?, turn))
        },
    )?;
    turns.sort_unstable_by(|a, b| a.0.cmp(&b.0));
    let mut appender = connection.appender_to_catalog_and_db("derived", "temp", "main").map_err(&failed)?;
    for session in turns.chunk_by_mut(|a, b| a.0 == b.0) {
        trail_order::sort_turns(session, |(_, position, turn)| TurnPlace {
            position: *position,
            created_at: turn.created_at,
            id: &turn.id,
        });
        let of = session.first().map(|(of, ..)| of.clone());
        let trail: Vec<SignalTurn> = session.iter_mut().map(|(_, _, turn)| std::mem::take(turn)).collect();
        for signal in by(&trail) {
            let Some(turn) = trail.get(signal.place) else { continue };
            appender
                .append_row(params![
                    format!("derived:{}:{}", signal.rule.word(), turn.id),
                    signal.at.or(turn.created_at).map(Timestamp::micros),
                    of,
                    turn.id,
                    signal.rule.word(),
                    signal.rule.weight(),
                    signal.rule.polarity().word(),
                ])
                .map_err(&failed)?;
        }
    }
    appender.flush().map_err(&failed)
}

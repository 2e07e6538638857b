//! Where does derived feedback stand, and what is it derived from?
//!
//! Feedback derived from the trail is feedback like any other, with the author `derived` and no source of its own
//! (0). It is written anew for every session that changed; sessions in which the export itself tells what users did
//! have none.

use duckdb::{Connection, params};

use super::{Workspace, bump_data_version, facts, failed, property, set_property};
use crate::{
    error::Result,
    model::{Polarity, Timestamp},
};

/// One turn of a session, as the rules see it.
#[derive(Clone, Debug, PartialEq)]
pub struct SignalTurn {
    pub id: String,
    pub created_at: Option<Timestamp>,
    pub query: Option<String>,
    pub output: Option<String>,
}

/// A signal to keep.
#[derive(Clone, Debug, PartialEq)]
pub struct DerivedSignal {
    /// Place of its turn in the session.
    pub place: usize,
    pub rule: &'static str,
    pub weight: f64,
    pub polarity: Polarity,
    pub at: Option<Timestamp>,
}

/// From the turns of one session, in order, to its signals.
pub type Derive = Box<dyn FnMut(&[SignalTurn]) -> Vec<DerivedSignal> + Send>;

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

impl Workspace {
    /// The rules that the user switched off.
    pub fn switched_off_signals(&self) -> Result<Vec<String>> {
        let text = property(&self.reader()?, SWITCHED_OFF)?.unwrap_or_default();
        Ok(text.split(',').filter(|word| !word.is_empty()).map(str::to_owned).collect())
    }

    /// Switches rules off and derives all signals anew.
    ///
    /// # Errors
    /// [`crate::error::Kind::Workspace`] where it cannot be kept.
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

/// Turns that are held in memory at once, about.
const BATCH: u64 = 50_000;

fn has_sessions(connection: &Connection) -> duckdb::Result<bool> {
    connection.query_row("select count(*) > 0 from turns where session_id is not null", [], |row| row.get(0))
}

/// Writes the derived feedback of these sessions anew. Facts follow with the caller.
pub(super) fn derive(
    connection: &Connection,
    scope: Scope,
    by: &mut dyn FnMut(&[SignalTurn]) -> Vec<DerivedSignal>,
) -> Result<()> {
    let failed = failed("derive signals from the trail");
    // An import takes no turns away: where none has a session, nothing was derived and nothing can be.
    if scope != Scope::Every && !has_sessions(connection).map_err(&failed)? {
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
    let turns: u64 = connection
        .query_row("select count(*) from turns where session_id in (select id from signal_sessions)", [], |row| {
            row.get(0)
        })
        .map_err(&failed)?;
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
    let failed = failed("derive signals from the trail");
    // In the order of a trail: by position where every turn has one, else by time.
    let mut statement = connection
        .prepare(
            "select t.session_id, t.id, epoch_us(t.created_at), t.query, t.output
             from turns t
             where t.session_id in (select id from signal_sessions) and hash(t.session_id) % ? = ?
             order by t.session_id,
                      case when count(t.position) over (partition by t.session_id)
                                = count(*) over (partition by t.session_id) then t.position end nulls last,
                      t.created_at nulls last, t.position nulls last, t.id",
        )
        .map_err(&failed)?;
    let mut rows = statement.query([parts, part]).map_err(&failed)?;
    let mut appender = connection.appender_to_catalog_and_db("derived", "temp", "main").map_err(&failed)?;
    let mut session: Option<String> = None;
    let mut turns: Vec<SignalTurn> = Vec::new();
    let mut flush = |session: &str, turns: &[SignalTurn]| -> Result<()> {
        for signal in by(turns) {
            let Some(turn) = turns.get(signal.place) else { continue };
            appender
                .append_row(params![
                    format!("derived:{}:{}", signal.rule, turn.id),
                    signal.at.or(turn.created_at).map(Timestamp::micros),
                    session,
                    turn.id,
                    signal.rule,
                    signal.weight,
                    signal.polarity.word(),
                ])
                .map_err(super::failed("derive signals from the trail"))?;
        }
        Ok(())
    };
    while let Some(row) = rows.next().map_err(&failed)? {
        let of: String = row.get(0).map_err(&failed)?;
        if session.as_ref() != Some(&of) {
            if let Some(before) = session.replace(of) {
                flush(&before, &turns)?;
            }
            turns.clear();
        }
        turns.push(SignalTurn {
            id: row.get(1).map_err(&failed)?,
            created_at: row.get::<_, Option<i64>>(2).map_err(&failed)?.map(Timestamp::from_micros),
            query: row.get(3).map_err(&failed)?,
            output: row.get(4).map_err(&failed)?,
        });
    }
    if let Some(last) = session {
        flush(&last, &turns)?;
    }
    appender.flush().map_err(&failed)
}

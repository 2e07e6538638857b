use super::{Column, Kind, Table, batch::Batch, columns};
use hearback_domain::SessionRecord;

columns! {
    SESSIONS = "sessions", from (session: &SessionRecord, source: i64):
    id: text = Some(&session.id);
    started_at: moment = session.started_at;
    user_id: text = session.user_id.as_deref();
    user_role: text = session.user_role.as_deref();
    environment: text = session.environment.as_deref();
    source_id: number = Some(source);
}

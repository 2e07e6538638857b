use tauri::State;

use crate::state::Shell;

#[tauri::command(async)]
pub fn cancel_job(shell: State<'_, Shell>, id: u32) {
    shell.jobs.cancel(id);
}

//! What may the window ask for? One file a noun; each command converts and delegates.

mod charts;
mod feedback;
mod folders;
mod jobs;
mod map;
mod models;
mod recall;
mod settings;
mod signals;
mod sources;
mod themes;
mod trails;
mod trends;
mod views;
mod workspaces;

pub use sources::report;

use hearback_wire::Failure;
use tauri::{Wry, ipc::Invoke};

/// What a command answers: a failure is shown by the window, by its kind.
type Answer<T> = Result<T, Failure>;

pub fn handler() -> impl Fn(Invoke<Wry>) -> bool + Send + Sync + 'static {
    tauri::generate_handler![
        settings::app_state,
        settings::window_ready,
        settings::set_settings,
        workspaces::new_workspace,
        workspaces::open_workspace,
        workspaces::workspace_info,
        workspaces::start_sample,
        sources::pick_files,
        sources::pick_folder,
        sources::start_preview,
        sources::start_import,
        sources::list_sources,
        sources::remove_sources,
        sources::list_rejects,
        sources::export_rejects,
        sources::list_unjoined,
        sources::list_mapping_profiles,
        sources::remove_mapping_profile,
        sources::list_score_rules,
        sources::set_score_rule,
        sources::list_labels,
        sources::tell_label,
        signals::list_signal_rules,
        signals::set_signal_rule,
        folders::list_watched_folders,
        folders::set_watched_folder,
        folders::remove_watched_folder,
        folders::follow_watch,
        jobs::cancel_job,
        trends::overview,
        trends::trend,
        trends::filter_values,
        charts::draw_trend,
        charts::export_chart,
        themes::start_analysis,
        themes::list_themes,
        themes::theme_detail,
        themes::recut_themes,
        themes::choose_theme_subject,
        themes::edit_themes,
        themes::undo_theme_edit,
        themes::list_theme_edits,
        themes::theme_history,
        map::start_map,
        map::map_points,
        map::map_point,
        map::select_points,
        models::list_models,
        models::choose_model,
        models::download_model,
        models::add_model_folder,
        models::remove_model,
        models::forget_model,
        feedback::feedback_page,
        feedback::export_feedback,
        trails::trail,
        recall::similar,
        recall::search,
        recall::known,
        views::list_views,
        views::save_view,
        views::delete_view,
    ]
}

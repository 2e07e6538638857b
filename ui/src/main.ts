// Where does the window start? Here: styles, the first state, the frame.
import { mount } from "svelte";
import "@fontsource-variable/inter/wght.css";
import "./styles/tokens.css";
import "./styles/base.css";
import App from "./App.svelte";
import { openSettings, type Section } from "./panels/settings/sections.svelte.ts";
import { VIEW_TITLES, app, type ViewName } from "./shared/state.svelte.ts";

const target = document.getElementById("app");
if (target) {
  mount(App, { target });
  void app.start();
  if (import.meta.env.DEV) {
    // For pictures of one view, or of a part of the settings: ?view=trends, ?settings=watch
    const asked = new URLSearchParams(location.search);
    const view = asked.get("view");
    if (view && view in VIEW_TITLES) app.go(view as ViewName);
    const section = asked.get("settings");
    if (section) openSettings(section as Section);
  }
}

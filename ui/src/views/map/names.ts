// How does a name look? Drawn once with its halo, then copied: letters with halos took longer than a hundred thousand points.
import type { PlacedLabel } from "./labels.ts";

export interface NameLook {
  font: string;
  text: string;
  background: string;
}

/** Room for the halo around the letters, in CSS pixels; a line of letters. */
const ROOM = 4;
const LINE = 14;

interface Name {
  width: number;
  picture: HTMLCanvasElement | null;
}

/** Names in one look: another look, or a font that came late, needs another one of these. */
export class Names {
  private readonly known = new Map<string, Name>();
  private readonly ruler = document.createElement("canvas").getContext("2d");

  constructor(
    private readonly look: NameLook,
    private readonly ratio: number,
  ) {}

  private font(level: number): string {
    return level === 0 ? `600 12px ${this.look.font}` : `500 11px ${this.look.font}`;
  }

  private name(text: string, level: number): Name {
    const key = `${level} ${text}`;
    const known = this.known.get(key);
    if (known) return known;
    let width = 0;
    if (this.ruler) {
      this.ruler.font = this.font(level);
      width = this.ruler.measureText(text).width;
    }
    const name = { width, picture: null };
    this.known.set(key, name);
    return name;
  }

  /** In CSS pixels, without the halo. */
  measure = (text: string, level: number): number => this.name(text, level).width;

  paint(context: CanvasRenderingContext2D, { label, text, x, y }: PlacedLabel): void {
    const name = this.name(text, label.level);
    name.picture ??= this.picture(text, label.level, name.width);
    const [width, height] = [name.picture.width / this.ratio, name.picture.height / this.ratio];
    // On whole pixels, or letters blur.
    const whole = (value: number): number => Math.round(value * this.ratio) / this.ratio;
    context.drawImage(name.picture, whole(x - width / 2), whole(y - height / 2), width, height);
  }

  private picture(text: string, level: number, width: number): HTMLCanvasElement {
    const picture = document.createElement("canvas");
    picture.title = text;
    picture.width = Math.ceil((width + 2 * ROOM) * this.ratio);
    picture.height = Math.ceil((LINE + 2 * ROOM) * this.ratio);
    const context = picture.getContext("2d");
    if (!context) return picture;
    context.scale(this.ratio, this.ratio);
    context.font = this.font(level);
    context.textBaseline = "middle";
    context.lineJoin = "round";
    context.lineWidth = 4;
    context.strokeStyle = this.look.background;
    context.strokeText(text, ROOM, LINE / 2 + ROOM);
    context.fillStyle = this.look.text;
    context.fillText(text, ROOM, LINE / 2 + ROOM);
    return picture;
  }
}

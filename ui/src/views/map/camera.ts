// Which part of the map is seen, and where is a point of it on the screen? Plain values: every change gives a new camera.

export interface Camera {
  /** What is in the middle of the screen, in the map's own units. */
  x: number;
  y: number;
  /** CSS pixels for each unit. */
  scale: number;
}

export interface Size {
  width: number;
  height: number;
}

export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** So that a few points far away do not make all others small: what all but a two-hundredth of them lie within, each way. */
export function extent(xy: Float32Array): Box | null {
  const n = xy.length / 2;
  if (n === 0) return null;
  const side = (offset: number): [number, number] => {
    const values = new Float32Array(n);
    for (let i = 0; i < n; i++) values[i] = xy[i * 2 + offset] ?? 0;
    values.sort();
    const cut = Math.floor(n / 400);
    return [values[cut] ?? 0, values[n - 1 - cut] ?? 0];
  };
  const [left, right] = side(0);
  const [top, bottom] = side(1);
  return { left, right, top, bottom };
}

/** The whole box with a margin. */
export function fit(box: Box | null, size: Size): Camera {
  const margin = 40;
  if (box === null || size.width <= 0 || size.height <= 0) return { x: 0, y: 0, scale: 1 };
  const width = Math.max(box.right - box.left, 1e-3);
  const height = Math.max(box.bottom - box.top, 1e-3);
  const scale = Math.min(
    Math.max(size.width - 2 * margin, 40) / width,
    Math.max(size.height - 2 * margin, 40) / height,
  );
  return { x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2, scale };
}

export function toScreen(camera: Camera, size: Size, x: number, y: number): [number, number] {
  return [size.width / 2 + (x - camera.x) * camera.scale, size.height / 2 + (y - camera.y) * camera.scale];
}

export function toMap(camera: Camera, size: Size, x: number, y: number): [number, number] {
  return [camera.x + (x - size.width / 2) / camera.scale, camera.y + (y - size.height / 2) / camera.scale];
}

/** By so many pixels of the screen. */
export function panned(camera: Camera, dx: number, dy: number): Camera {
  return { ...camera, x: camera.x - dx / camera.scale, y: camera.y - dy / camera.scale };
}

/** What lies under the pixel stays there. */
export function zoomed(camera: Camera, size: Size, factor: number, x: number, y: number, home: Camera): Camera {
  const scale = Math.min(home.scale * 200, Math.max(home.scale / 2, camera.scale * factor));
  const [mx, my] = toMap(camera, size, x, y);
  return { x: mx - (x - size.width / 2) / scale, y: my - (y - size.height / 2) / scale, scale };
}

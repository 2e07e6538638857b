//! Which shape goes with which colour? ● ▲ ■ ◆ ✚ ▼, and a dash for *Other*.

use super::{
    Slot,
    scene::{Ink, Mark, Place, Scene},
};

/// Draws the slot's shape around `(x, y)`, about as large as a circle of `radius`.
pub fn draw(scene: &mut Scene, slot: Slot, (x, y): Place, radius: f64, ink: Ink) {
    let area = |scene: &mut Scene, corners: &[Place]| {
        let places = corners.iter().map(|(dx, dy)| (x + dx * radius, y + dy * radius)).collect();
        scene.marks.push(Mark::Area { places, ink });
    };
    let rect = |scene: &mut Scene, dx: f64, dy: f64| {
        let (dx, dy) = (dx * radius, dy * radius);
        scene.marks.push(Mark::Rect { from: (x - dx, y - dy), to: (x + dx, y + dy), ink });
    };
    match slot {
        Slot::Series(0) => scene.marks.push(Mark::Disc { centre: (x, y), radius, ink }),
        Slot::Series(1) => area(scene, &[(0.0, -1.15), (1.15, 0.85), (-1.15, 0.85)]),
        Slot::Series(2) => rect(scene, 0.9, 0.9),
        Slot::Series(3) => area(scene, &[(0.0, -1.25), (1.25, 0.0), (0.0, 1.25), (-1.25, 0.0)]),
        Slot::Series(4) => area(
            scene,
            &[
                (-0.36, -1.1),
                (0.36, -1.1),
                (0.36, -0.36),
                (1.1, -0.36),
                (1.1, 0.36),
                (0.36, 0.36),
                (0.36, 1.1),
                (-0.36, 1.1),
                (-0.36, 0.36),
                (-1.1, 0.36),
                (-1.1, -0.36),
                (-0.36, -0.36),
            ],
        ),
        Slot::Series(_) => area(scene, &[(0.0, 1.15), (1.15, -0.85), (-1.15, -0.85)]),
        Slot::Other => rect(scene, 1.15, 0.32),
    }
}

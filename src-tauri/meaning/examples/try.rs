use hearback_meaning::{
    embed::*,
    job::Job,
    model::{TextHash, rows::*},
    theme::*,
};
use std::{collections::BTreeMap, path::Path, time::Instant};
fn v(labels: &[usize], themes: &[usize]) -> (f64, f64) {
    let n = labels.len() as f64;
    let mut j: BTreeMap<(usize, usize), f64> = BTreeMap::new();
    let mut a: BTreeMap<usize, f64> = BTreeMap::new();
    let mut b = a.clone();
    for (&l, &t) in labels.iter().zip(themes) {
        *j.entry((l, t)).or_default() += 1.;
        *a.entry(l).or_default() += 1.;
        *b.entry(t).or_default() += 1.;
    }
    let h = |c: &BTreeMap<usize, f64>| -> f64 { c.values().map(|x| -x / n * (x / n).ln()).sum() };
    let s: f64 = j.iter().map(|((l, t), c)| c / n * (c * n / (a[l] * b[t])).ln()).sum();
    let p = |x: f64| x * (x - 1.) / 2.;
    let si: f64 = j.values().map(|&x| p(x)).sum();
    let sa: f64 = a.values().map(|&x| p(x)).sum();
    let sb: f64 = b.values().map(|&x| p(x)).sum();
    let e = sa * sb / p(n);
    (2. * s / (h(&a) + h(&b)).max(1e-12), (si - e) / (0.5 * (sa + sb) - e))
}
fn main() {
    let args: Vec<String> = std::env::args().collect();
    let f = std::fs::read_to_string("/tmp/themes-py/texts.tsv").unwrap();
    let (mut labels, mut texts) = (vec![], vec![]);
    let mut names: Vec<String> = vec![];
    for l in f.lines() {
        let (a, b) = l.split_once('\t').unwrap();
        let i = names.iter().position(|n| n == a).unwrap_or_else(|| {
            names.push(a.into());
            names.len() - 1
        });
        labels.push(i);
        texts.push(b.to_string());
    }
    let p = Path::new("/tmp/themes-py/vec.bin");
    if args[1] == "embed" {
        let assets = Path::new("/tmp/wt/themes/assets");
        let files = ModelFiles::in_folder(
            &assets.join("models/all-MiniLM-L6-v2"),
            assets.join("native/libonnxruntime.so.1.31.1"),
        );
        let e = Embedder::load(&files, 2).unwrap();
        let d = e.dimension();
        let mut out = vec![0f32; texts.len() * d];
        e.embed(&texts, &Job::quiet(), &mut |ps, vs| {
            for (&p, r) in ps.iter().zip(vs.chunks(d)) {
                out[p * d..(p + 1) * d].copy_from_slice(r);
            }
            Ok(())
        })
        .unwrap();
        std::fs::write(p, out.iter().flat_map(|x| x.to_le_bytes()).collect::<Vec<u8>>()).unwrap();
        return;
    }
    let all: Vec<f32> =
        std::fs::read(p).unwrap().chunks(4).map(|c| f32::from_le_bytes(c.try_into().unwrap())).collect();
    let d = 384;
    let build = |idx: &[usize], copies: usize, noise: f32| {
        let mut t = vec![];
        let mut l = vec![];
        let mut vs = VectorSet { dimension: d, ..Default::default() };
        let mut s = 7u64;
        let mut rnd = || {
            let mut u = 0f32;
            for _ in 0..4 {
                s ^= s << 13;
                s ^= s >> 7;
                s ^= s << 17;
                u += (s >> 40) as f32 / (1u64 << 24) as f32;
            }
            (u - 2.) * 1.732
        };
        for c in 0..copies {
            for &i in idx {
                let text = if c == 0 { texts[i].clone() } else { format!("{} {}", texts[i], c) };
                let h = TextHash::of(&text);
                let mut r = all[i * d..(i + 1) * d].to_vec();
                if noise > 0. {
                    for x in &mut r {
                        *x += rnd() * noise / (d as f32).sqrt();
                    }
                    let n = r.iter().map(|x| x * x).sum::<f32>().sqrt();
                    r.iter_mut().for_each(|x| *x /= n);
                }
                t.push(TextRow { hash: h, text, feedback: 1 });
                vs.hashes.push(h);
                vs.values.extend(r);
                l.push(labels[i]);
            }
        }
        (t, l, vs)
    };
    let run = |name: &str, (t, l, vs): (Vec<TextRow>, Vec<usize>, VectorSet), show: bool| {
        let input = ThemeInput { vectors: &vs, texts: &t };
        let job = Job::quiet();
        let b = Instant::now();
        let h = explore(&input, &ThemeOptions::default(), &job).unwrap();
        let te = b.elapsed().as_secs_f64();
        for r in [0.5, 1.0, 1.4, 2.0, 2.8, 4.0, 8.0] {
            let b = Instant::now();
            let c = cut(&h, &input, &Cut { resolution: r, unclustered_at_most: None }, &job).unwrap();
            let th: Vec<usize> = c.members.iter().map(|m| m.theme.unwrap_or(99999)).collect();
            let (vm, ari) = v(&l, &th);
            let un = th.iter().filter(|&&x| x == 99999).count();
            let cl: Vec<usize> = (0..l.len()).filter(|&i| th[i] != 99999).collect();
            let vc = v(&cl.iter().map(|&i| l[i]).collect::<Vec<_>>(), &cl.iter().map(|&i| th[i]).collect::<Vec<_>>()).0;
            println!(
                "{name} n={} leaves={} r={r}: themes {} V {vm:.4} (clustered {vc:.4}) ARI {ari:.3} uncl {:.3} subs {} explore {te:.2}s cut {:.3}s",
                l.len(),
                h.leaves.len(),
                c.themes.len(),
                un as f64 / l.len() as f64,
                c.themes.iter().map(|t| t.subthemes.len()).sum::<usize>(),
                b.elapsed().as_secs_f64()
            );
            if show && r == 2.0 {
                for t in c.themes.iter().step_by(3) {
                    println!(
                        "   {} | {} | {:?} | subs: {:?}",
                        t.size,
                        t.name,
                        t.keywords.iter().take(4).map(|k| &k.text).collect::<Vec<_>>(),
                        t.subthemes.iter().map(|s| format!("{} ({})", s.name, s.size)).collect::<Vec<_>>()
                    );
                }
            }
        }
    };
    let every: Vec<usize> = (0..texts.len()).collect();
    let mut by: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for i in 0..texts.len() {
        by.entry(labels[i]).or_default().push(i);
    }
    let small = |k: usize, n: usize, step: usize, off: usize| -> Vec<usize> {
        by.values().skip(off).step_by(step).take(k).flat_map(|v| v.iter().take(n).copied()).collect()
    };
    match args[1].as_str() {
        "full" => run("full", build(&every, 1, 0.), args.len() > 2),
        "small" => {
            for (k, n, s) in [(5, 20, 15), (10, 40, 7), (20, 50, 3), (40, 30, 1)] {
                for off in [0, 1, 2] {
                    run(&format!("{k}x{n}+{off}"), build(&small(k, n, s, off), 1, 0.), args.len() > 2);
                }
            }
        }
        "x8" => run("x8", build(&every, 8, args[2].parse().unwrap()), false),
        "million" => run("million", build(&every, 77, 0.3), false),
        _ => panic!(),
    }
}

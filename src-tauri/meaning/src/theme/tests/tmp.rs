use super::*;
use std::collections::BTreeSet;

fn bank() -> (Set, Vec<usize>) {
    let texts = std::fs::read_to_string("/tmp/t/bank_lines.txt").unwrap();
    let bytes = std::fs::read("/tmp/t/bank.f32").unwrap();
    let values: Vec<f32> = bytes.chunks(4).map(|b| f32::from_le_bytes(b.try_into().unwrap())).collect();
    let mut set = Set::new(384);
    let mut labels = Vec::new();
    for (line, row) in texts.lines().zip(values.chunks(384)) {
        let (label, text) = line.split_once('\t').unwrap();
        labels.push(label.parse().unwrap());
        set.push(text, 1, row.to_vec());
    }
    assert_eq!(set.texts.len(), values.len() / 384);
    (set, labels)
}

fn keep(set: &Set, kept: impl Fn(usize) -> bool) -> (Set, Vec<usize>) {
    let mut other = Set::new(384);
    let mut indices = Vec::new();
    for index in (0..set.texts.len()).filter(|&i| kept(i)) {
        other.push(set.texts[index].text.clone(), 1, set.vectors.row(index).to_vec());
        indices.push(index);
    }
    (other, indices)
}

fn vm(labels: &[usize], themes: &Themes) -> f64 {
    let t: Vec<usize> = themes.members.iter().map(|m| m.theme.map_or(0, |t| t + 1)).collect();
    super::quality::v_measure(labels, &t)
}

fn compare(before: &Themes, after: &Themes) -> (f64, f64, f64, usize, usize) {
    use identity::*;
    let texts = |t: &Themes| {
        let mut v: Vec<Vec<TextHash>> = vec![Vec::new(); t.themes.len()];
        for m in &t.members { if let Some(x) = m.theme { v[x].push(m.hash) } }
        v
    };
    let knew: BTreeSet<TextHash> = before.members.iter().map(|m| m.hash).collect();
    let b = texts(before);
    let a = texts(after);
    let known: Vec<KnownTheme> = before.themes.iter().zip(&b).enumerate().map(|(i, (t, x))| KnownTheme { id: i as i64, centroid: t.centroid.clone(), size: t.feedback, texts: x.clone(), gone: false }).collect();
    let found: Vec<FoundTheme> = after.themes.iter().zip(&a).map(|(t, x)| FoundTheme { centroid: &t.centroid, texts: x.iter().map(|h| (*h, 1)).collect(), was: None }).collect();
    let f = follow(&known, &found, |h| knew.contains(&h), known.len() as i64);
    let n = known.len() as f64;
    let kept: Vec<&Passage> = f.found.iter().filter(|p| p.id < known.len() as i64).collect();
    let same = kept.iter().filter(|p| p.alike >= 0.5).count() as f64;
    let mean = kept.iter().map(|p| p.alike).sum::<f64>() / n;
    (kept.len() as f64 / n, same / n, mean, known.len(), found.len())
}

#[test]
#[ignore]
fn tmp_identity() {
    let (set, labels) = bank();
    for seed in 10..14_u64 {
        let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
        let drawn: Vec<bool> = set.texts.iter().map(|_| random.gen_range(0.0..1.0) < 0.9).collect();
        let (part, _) = keep(&set, |i| drawn[i]);
        let ph = part.explore();
        let t = std::time::Instant::now();
        let wh = explore_from(&ph, &set.input(), &ThemeOptions::default(), &Job::quiet()).unwrap();
        println!("warm V {:.4} part V {:.4} time {:?}", vm(&labels, &set.cut(&wh, 2.0, None)), 0.0, t.elapsed());
        for r in [2.0] {
            let b = part.cut(&ph, r, None);
            println!("seed {seed} r {r} warm {:?}", compare(&b, &set.cut(&wh, r, None)));
        }
    }
}

#[test]
#[ignore]
fn tmp_growth() {
    let (set, labels) = bank();
    for seed in 0..2_u64 {
        let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
        let drawn: Vec<f64> = set.texts.iter().map(|_| random.gen_range(0.0..1.0)).collect();
        let mut h: Option<Hierarchy> = None;
        for step in 4..=10 {
            let (part, indices) = keep(&set, |i| drawn[i] < f64::from(step) / 10.0);
            let l: Vec<usize> = indices.iter().map(|&i| labels[i]).collect();
            let warm = match &h { None => part.explore(), Some(h) => explore_from(h, &part.input(), &ThemeOptions::default(), &Job::quiet()).unwrap() };
            let w = part.cut(&warm, 2.0, None);
            println!("seed {seed} step {step} warm V {:.4} ({})", vm(&l, &w), w.themes.len());
            h = Some(warm);
        }
    }
}

#[test]
#[ignore]
fn tmp_short() {
    let mut reader = csv::Reader::from_path("/work/shared/data/chatgpt_reviews/chatgpt_reviews_before_2025-05.csv").unwrap();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for row in reader.records() { *counts.entry(row.unwrap()[1].trim().to_lowercase()).or_default() += 1; }
    let mut out = String::new();
    for (text, n) in &counts {
        out += &format!("{}\t{}\t{}\n", is_short_answer(text) as u8, n, text.replace(['\n', '\t', '\r'], " "));
    }
    std::fs::write("/tmp/t/short.tsv", out).unwrap();
    let t = std::time::Instant::now();
    let n = counts.keys().filter(|t| is_short_answer(t)).count();
    println!("{n} of {} in {:?}", counts.len(), t.elapsed());
}

/// Perturbed copies of banking texts, and one template ten thousand times.
#[test]
#[ignore]
fn tmp_duplicates() {
    let (set, labels) = bank();
    let mut random = Xoshiro256PlusPlus::seed_from_u64(3);
    let mut more = Set::new(384);
    let mut l = Vec::new();
    let noisy = |row: &[f32], noise: f32, random: &mut Xoshiro256PlusPlus| -> Vec<f32> {
        let scale = noise * (12.0 / 384.0_f32).sqrt();
        row.iter().map(|v| v + scale * random.gen_range(-0.5..0.5)).collect()
    };
    for index in 0..set.texts.len() {
        let text = &set.texts[index].text;
        for (k, t) in [text.clone(), text.to_uppercase() + "!!", format!(" {} 🙁", text.to_lowercase())].into_iter().enumerate() {
            if k > 0 && random.gen_range(0..10) > 6 { continue; }
            more.push(t, 1, noisy(set.vectors.row(index), if k == 0 { 0.0 } else { 0.25 }, &mut random));
            l.push(labels[index]);
        }
    }
    for number in 0..10_000 {
        more.push(format!("Your transfer {number} of yesterday was declined by the bank"), 1, noisy(set.vectors.row(77), 0.08, &mut random));
        l.push(labels[77]);
    }
    let t = std::time::Instant::now();
    let h = more.explore();
    let c = more.cut(&h, 2.0, None);
    println!("{} texts, {:?}, {} leaves, {} themes, V {:.4}", more.texts.len(), t.elapsed(), h.leaves.len(), c.themes.len(), vm(&l, &c));
    let of: std::collections::BTreeSet<_> = c.members[more.texts.len() - 10_000..].iter().map(|m| m.theme).collect();
    println!("the template is in {of:?}; biggest {:?}", c.themes.iter().take(5).map(|t| (t.size, t.name.clone())).collect::<Vec<_>>());
    let t = std::time::Instant::now();
    let h = set.explore();
    println!("plain: {:?} {} leaves", t.elapsed(), h.leaves.len());
}

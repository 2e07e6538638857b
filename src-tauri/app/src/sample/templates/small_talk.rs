/// Before a complaint, now and then.
pub static OPENERS: &[&str] = &[
    "Hello, ",
    "Sorry but ",
    "Third time now: ",
    "I am a long-time customer. ",
    "Just so you know, ",
    "Again: ",
    "ok so ",
    "Honestly, ",
    "As I told your colleague, ",
    "Hmm. ",
];

/// After it.
pub static CLOSERS: &[&str] = &[
    " Please fix this.",
    " Not happy.",
    " This cost me an hour.",
    " I will order elsewhere.",
    " Disappointed.",
    " Can somebody look at it?",
    " Otherwise the shop is fine.",
    " 😠",
    " 👎",
    " What now?",
    " Very annoying when you are in a hurry.",
    " Same for {person}.",
];

pub static PRAISE: &[&str] = &[
    "[Quick|Fast] and [clear|to the point], [thank you|thanks]",
    "[Exactly|Just] what I needed for the {item}",
    "[Great|Lovely|Excellent] [help|answer|service], [solved|sorted] in [one minute|a minute|seconds]",
    "Found my order {order} [at once|right away], [impressive|well done]",
    "[Better|Faster] than [the phone line|calling], [keep it up|love it]",
    "Answer was [correct|right], I checked it [with the shop in {city}|on the page]",
    "[Friendly|Polite] and [helpful|useful], even [on a {weekday}|at night]",
    "The [explanation|step by step list] worked on my {device}",
    "Saved me a trip to {city}",
    "[Understood|Got] my [clumsy|long] question [straight away|the first time]",
];

pub static PRAISE_TAILS: &[&str] = &[" 👍", "!", " :)", " Thanks a lot.", " Well done.", " Will use it again.", " 🎉"];

/// Said by somebody, about nothing that groups.
pub static NOISE: &[&str] = &[
    "[I think|maybe] the {item} [looked|is] [nicer|darker] in the picture",
    "my cat walked over the [keyboard|{device}]",
    "do you also sell [gift cards|spare parts] for the {item}?",
    "testing testing [1 2 3|one two]",
    "It is raining in {city}",
    "[asdf|qwerty|aaaa|xx]",
    "[no comment|nothing to add|-|n/a]",
    "who [designed|drew] your new logo",
    "The price went up by {price} since {weekday}",
    "{person} recommended you",
    "not sure yet, will [see|try] on {weekday}",
    "can I [work|apply for a job] in {city}",
];

/// Real exports repeat these.
pub static NEGATIVE_SHORT: &[&str] =
    &["wrong", "no", "not helpful", "bad answer", "this is wrong", "useless", "???", "nope", "Wrong.", "incorrect"];
pub static POSITIVE_SHORT: &[&str] =
    &["thanks", "ok", "great", "perfect", "good", "Thank you", "👍", "nice", "thanks!", "very good"];

/// Prompt versions 1, 2, 3.
pub static SYSTEM_PROMPTS: &[&str] = &[
    "You are the assistant of an online shop for clothes and household goods. Answer the customer's question.",
    "You are the assistant of an online shop. Use the documents below. Answer in at most five sentences and name the page that you used.",
    "You are the assistant of an online shop. Answer only from the documents below. If they do not say it, say so and offer to connect a colleague. Keep to the customer's language. Short sentences.",
];

pub static LONG_WINDED: &[&str] = &[
    "Thank you very much for reaching out to us with this interesting question, which many customers have asked before. Let me first give you some background on how our shop works and why this matters.",
    "There are many aspects to consider here, and before we come to the answer it is worth looking at each of them in turn, so that you have the complete picture and can decide with confidence.",
    "In summary, and to repeat the most important points once more, it depends on several circumstances which have been explained above in detail. I hope this comprehensive overview was useful to you.",
];

/// By language, in the order of the slot.
pub static FOREIGN: &[(&str, &[&str])] = &[
    (
        "German",
        &[
            "Gerne helfe ich Ihnen weiter. Bitte öffnen Sie die Bestellung {order} und wählen Sie den passenden Punkt aus.",
            "Der Artikel ist innerhalb von zwei Werktagen lieferbar. Vielen Dank für Ihre Geduld.",
        ],
    ),
    (
        "French",
        &[
            "Je vous remercie de votre message. Ouvrez la commande {order} et suivez les indications.",
            "L'article est disponible et sera livré sous deux jours ouvrables.",
        ],
    ),
    (
        "Spanish",
        &[
            "Con mucho gusto le ayudo. Abra el pedido {order} y siga las indicaciones.",
            "El artículo está disponible y llegará en dos días laborables.",
        ],
    ),
];

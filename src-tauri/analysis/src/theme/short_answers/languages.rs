//! Words that tell nothing beside a verdict, language by language, small letters, no apostrophes. The verdicts themselves
//! are in [`hearback_domain::lexicon`], under the same names.

use super::Language;

/// What most languages have nothing special of.
const PLAIN: Language = Language { name: "", greetings: "", answers: "", fillers: "", tiled: false, forgiving: false };

pub(super) const ALL: &[Language] = &[
    Language {
        name: "English",
        greetings: "hi hello hey bye",
        answers: "answer answers response responses reply replies result results output app apps application bot chatbot
            chatgpt gpt ai assistant tool service experience job work product thing stuff one",
        fillers: "very so really too much more most quite pretty totally absolutely completely simply just all always ever
            extremely highly truly such a an the this that it its is was are were be been im we you u my me i for of to and but
            or not dont doesnt didnt isnt wasnt never at as in do does did have has had would will can could lot lots bit
            little kind of still even far now today anything something nothing what how oh ah lol haha man bro sir everyone
            everything up down done ever please also again no way enough mind your yours over by here there thats whats v",
        forgiving: true,
        ..PLAIN
    },
    Language {
        name: "German",
        greetings: "hallo",
        answers: "antwort antworten app ki bot chatbot arbeit",
        fillers: "sehr so echt wirklich ganz total absolut einfach nur zu nicht kein keine ist war das es die der ein eine ich
            bin finde mir mich und aber für vielen viel immer noch wieder auch schon recht ziemlich leider etwas alles gar genug
            dir ihnen euch nichts weniger am mal voll dies diese dieser",
        ..PLAIN
    },
    Language {
        name: "French",
        greetings: "bonjour salut",
        answers: "réponse réponses appli application travail outil ia lapplication lappli",
        fillers: "très trop si vraiment tout toute à fait pas cest est était ce cela ça je jai un une le la les de du et mais
            pour moi plus assez tellement beaucoup rien ne nest aussi que cétait me na votre",
        ..PLAIN
    },
    Language {
        name: "Spanish",
        greetings: "hola",
        answers: "respuesta respuestas app aplicación aplicacion trabajo herramienta ia",
        fillers: "muy tan es está esta fue este esto ese eso la el lo un una y pero no me te para mí mi más mas menos todo nada de
            que se bastante realmente demasiado muchas mucho siempre yo",
        ..PLAIN
    },
    Language {
        name: "Italian",
        greetings: "ciao",
        answers: "risposta risposte app applicazione lavoro ia",
        fillers: "molto tanto davvero troppo così è e era questo questa la il lo un una non ma mi per me tutto più mille di
            assolutamente proprio veramente abbastanza niente che sono",
        ..PLAIN
    },
    Language {
        name: "Portuguese",
        greetings: "oi olá ola",
        answers: "resposta respostas app aplicativo trabalho ia",
        fillers: "muito muita demais tão tao é e foi isso isto este esta esse essa o a um uma não nao mas me eu para pra mim de
            mais tudo nada que bastante realmente",
        ..PLAIN
    },
    Language {
        name: "Dutch",
        greetings: "hoi hallo",
        answers: "antwoord antwoorden app werk ai",
        fillers: "heel erg zeer zo echt is was het dit dat een de niet geen maar en ik ben voor mij te je u wel veel meer nog",
        ..PLAIN
    },
    Language {
        name: "Swedish, Norwegian, Danish",
        greetings: "hej hei",
        answers: "svar svaret app appen",
        fillers: "mycket meget väldigt veldig så er är det den detta dette inte ikke en ett et jag jeg och og men för for mig
            meg alltför mange tusen så helt",
        ..PLAIN
    },
    Language {
        name: "Polish",
        greetings: "cześć hej",
        answers: "odpowiedź odpowiedzi aplikacja",
        fillers: "bardzo nie jest to był była było i ale za zbyt naprawdę całkiem mi się dla mnie tak ta ten wszystko nic",
        ..PLAIN
    },
    Language {
        name: "Russian",
        greetings: "привет здравствуйте",
        answers: "ответ ответы приложение работа бот",
        fillers: "очень это так не все всё мне и но слишком совсем просто вообще за большое огромное вам был была было довольно
            как самый самая ничего меня",
        ..PLAIN
    },
    Language {
        name: "Ukrainian",
        greetings: "привіт",
        answers: "відповідь додаток",
        fillers: "дуже це не все мені і але надто щиро як",
        ..PLAIN
    },
    Language {
        name: "Turkish",
        greetings: "merhaba",
        answers: "cevap yanıt uygulama",
        fillers: "çok bir bu değil gerçekten en da de ve ama hiç ederim ederiz eder daha o",
        ..PLAIN
    },
    Language {
        name: "Indonesian, Malay",
        greetings: "halo hai",
        answers: "jawaban aplikasi",
        fillers: "sekali banget sangat ini itu yang tidak ga gak nggak kurang dan tapi saya luar terima paling amat aku",
        ..PLAIN
    },
    Language {
        name: "Vietnamese",
        answers: "app",
        fillers: "rất vời quá cảm không lắm là này cũng nhiều hữu tôi thật bạn",
        ..PLAIN
    },
    Language {
        name: "Greek",
        greetings: "γεια",
        answers: "απάντηση εφαρμογή",
        fillers: "πολύ είναι δεν το η ο πάρα ήταν μου αρέσει και αλλά",
        ..PLAIN
    },
    Language {
        name: "Hindi",
        greetings: "नमस्ते namaste",
        answers: "ऐप जवाब उत्तर app",
        fillers: "बहुत है हैं यह ये था और नहीं bahut bahot bohot hai h he hain ye yeh nahi bhi ek dam ekdam bhai",
        ..PLAIN
    },
    Language {
        name: "Bengali",
        fillers: "খুব খুবই অনেক এটা না একটা বেশ khub",
        ..PLAIN
    },
    Language {
        name: "Arabic",
        greetings: "مرحبا",
        answers: "تطبيق التطبيق برنامج",
        fillers: "جدا جداً هذا هو هي غير ليس و كثيرا لكم لك أنا انا",
        ..PLAIN
    },
    Language {
        name: "Persian",
        greetings: "سلام",
        answers: "برنامه پاسخ",
        fillers: "خیلی است بود نیست این و واقعا بسیار هست",
        ..PLAIN
    },
    Language {
        name: "Urdu",
        answers: "ایپ جواب",
        fillers: "بہت ہے یہ نہیں اور",
        ..PLAIN
    },
    Language {
        name: "Hebrew",
        greetings: "שלום",
        answers: "תשובה אפליקציה",
        fillers: "מאוד לא זה זו ממש רבה הכי",
        ..PLAIN
    },
    Language {
        name: "Korean",
        greetings: "안녕하세요",
        answers: "답변 앱 어플",
        fillers: "아주 매우 정말 너무 진짜 안 이거 이 이건 다 잘 많이 참",
        ..PLAIN
    },
    Language {
        name: "Japanese",
        greetings: "こんにちは",
        answers: "回答 答え アプリ ai",
        fillers: "とても すごく 非常に 本当に 大変 かなり めっちゃ です でした ました ます だ ね よ な は が も ない なかった これ この 私 もう ございます
            ござい あまり と 思います",
        tiled: true,
        ..PLAIN
    },
    Language {
        name: "Chinese",
        greetings: "你好",
        answers: "回答 答案 软件 应用 軟體",
        fillers: "很 非常 太 真 真的 挺 不 了 的 这 这个 是 我 也 都 还 啊 呀 吧 你 极 极了 特别 十分 比较 這 這個 還 特別 比較 最",
        tiled: true,
        ..PLAIN
    },
    Language {
        name: "Thai",
        greetings: "สวัสดี",
        fillers: "มาก ๆ ที่สุด ไม่ ครับ ค่ะ คะ นะ เลย จริง",
        tiled: true,
        ..PLAIN
    },
];

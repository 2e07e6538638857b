//! Words that tell nothing, language by language, small letters, no apostrophes.
//! What people write below an answer, not a dictionary: a word stands here only where it is about no part of the answer
//! ("helpful" does, "slow", "clear" and "expensive" do not).

use super::Language;

/// Known wherever people write.
pub(super) const EVERYWHERE: &str = "ok okay okey super top wow bravo perfect thx";

/// What most languages have nothing special of.
const PLAIN: Language =
    Language { verdicts: "", certain: "", courtesies: "", answers: "", fillers: "", tiled: false, forgiving: false };

pub(super) const ALL: &[Language] = &[
    // English
    Language {
        verdicts: "good great nice nicely best excellent awesome amazing fantastic superb wonderful brilliant fabulous
            awsome usefull outstanding marvelous marvellous incredible extraordinary exceptional magnificent terrific splendid lovely
            beautiful love loved loving like liked cool fine useful helpful useless unhelpful bad worst worse terrible
            horrible awful poor poorly crap crappy trash garbage rubbish sucks suck shit shitty stupid dumb lame meh mediocre
            average decent better well thanks thank thankyou thankful ty tysm cheers congrats congratulations hate hated
            dislike disliked impressive impressed satisfied unsatisfied dissatisfied happy unhappy pleased disappointed
            disappointing pathetic thumbs helped helps legendary phenomenal gud gr8 awsm noice perfectly epic
            unbelievable blowing perfection osm k kk yay",
        certain: "right correct wrong incorrect false true exactly",
        courtesies: "yes no yeah yep yup nope nah hi hello hey bye sure",
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
    // German
    Language {
        verdicts: "gut gute guter gutes guten toll tolle tolles klasse prima perfekt perfekte ausgezeichnet hervorragend
            fantastisch wunderbar spitze genial großartig cool nett schön schlecht schlechte schlechter schlechtes schlimm
            furchtbar schrecklich mies miese mist müll nutzlos nützlich hilfreich hilfreiche unbrauchbar danke dank dankeschön geil
            besser beste bester bestes schlechteste doof blöd zufrieden unzufrieden gefällt mag liebe enttäuschend enttäuscht",
        certain: "richtig falsch korrekt inkorrekt stimmt genau wahr",
        courtesies: "ja nein hallo nö jo",
        answers: "antwort antworten app ki bot chatbot arbeit",
        fillers: "sehr so echt wirklich ganz total absolut einfach nur zu nicht kein keine ist war das es die der ein eine ich
            bin finde mir mich und aber für vielen viel immer noch wieder auch schon recht ziemlich leider etwas alles gar genug
            dir ihnen euch nichts weniger am mal voll dies diese dieser",
        ..PLAIN
    },
    // French
    Language {
        verdicts: "bon bonne bien parfait parfaite excellent excellente génial géniale nul nulle mauvais mauvaise mal merci
            cool magnifique formidable utile utiles inutile satisfait satisfaite insatisfait insatisfaite décevant déçu déçue horrible
            terrible aime jaime adore jadore déteste meilleur meilleure moyen médiocre nickel chouette pire incroyable",
        certain: "vrai faux fausse correct incorrect exact exacte inexact",
        courtesies: "oui non bonjour salut",
        answers: "réponse réponses appli application travail outil ia lapplication lappli",
        fillers: "très trop si vraiment tout toute à fait pas cest est était ce cela ça je jai un une le la les de du et mais
            pour moi plus assez tellement beaucoup rien ne nest aussi que cétait me na votre",
        ..PLAIN
    },
    // Spanish
    Language {
        verdicts: "bueno buena buenos buenas buen bien excelente excelentes perfecto perfecta genial increíble increible fantástico
            fantástica malo mala mal malísimo malísima pésimo pésima pesimo terrible horrible gracias útil util inútil inutil mejor
            peor encanta encantó gusta gustó maravilloso maravillosa buenísimo buenísima bonito chévere vale estupendo odio basura",
        certain: "correcto correcta incorrecto incorrecta cierto falso",
        courtesies: "sí si no hola",
        answers: "respuesta respuestas app aplicación aplicacion trabajo herramienta ia",
        fillers: "muy tan es está esta fue este esto ese eso la el lo un una y pero no me te para mí mi más mas menos todo nada de
            que se bastante realmente demasiado muchas mucho siempre yo",
        ..PLAIN
    },
    // Italian
    Language {
        verdicts: "buono buona buoni bene ottimo ottima ottimi perfetto perfetta eccellente eccellenti bello bella bravo brava
            bravi fantastico fantastica grazie utile inutile male malissimo pessimo pessima cattivo cattiva brutto brutta terribile
            orribile meglio peggio migliore peggiore piace piaciuto adoro odio scarso scarsa schifo mediocre benissimo",
        certain: "giusto giusta sbagliato sbagliata corretto corretta esatto vero falso",
        courtesies: "sì si no ciao",
        answers: "risposta risposte app applicazione lavoro ia",
        fillers: "molto tanto davvero troppo così è e era questo questa la il lo un una non ma mi per me tutto più mille di
            assolutamente proprio veramente abbastanza niente che sono",
        ..PLAIN
    },
    // Portuguese
    Language {
        verdicts: "bom boa bons boas bem ótimo otimo ótima otima excelente perfeito perfeita maravilhoso maravilhosa incrível
            incrivel legal show obrigado obrigada valeu ruim péssimo pessimo péssima pessima mau má mal horrível horrivel terrível
            útil inútil melhor pior gosto gostei amei amo adoro adorei lixo fantástico fantástica odeio odiei",
        certain: "certo certa errado errada correto correta incorreto verdade",
        courtesies: "sim não nao oi olá ola",
        answers: "resposta respostas app aplicativo trabalho ia",
        fillers: "muito muita demais tão tao é e foi isso isto este esta esse essa o a um uma não nao mas me eu para pra mim de
            mais tudo nada que bastante realmente",
        ..PLAIN
    },
    // Dutch
    Language {
        verdicts: "goed goede mooi mooie prima uitstekend geweldig geweldige fantastisch leuk slecht slechte waardeloos nutteloos
            nuttig handig bedankt dank dankje oké beter beste best matig verschrikkelijk tevreden ontevreden",
        certain: "juist fout onjuist klopt correct",
        courtesies: "ja nee hoi hallo",
        answers: "antwoord antwoorden app werk ai",
        fillers: "heel erg zeer zo echt is was het dit dat een de niet geen maar en ik ben voor mij te je u wel veel meer nog",
        ..PLAIN
    },
    // Swedish, Norwegian, Danish
    Language {
        verdicts: "bra god godt gott fin fint utmärkt perfekt toppen jättebra dålig dåligt dårlig dårligt tack takk tak bäst best
            bedst bedre bättre värdelös værdiløs ubrukelig fantastisk fantastiskt hemsk kass kasst suveren flott nyttig hjälpsam
            nydelig fremragende",
        certain: "rätt fel riktig feil rigtig forkert korrekt",
        courtesies: "ja nej nei hej hei",
        answers: "svar svaret app appen",
        fillers: "mycket meget väldigt veldig så er är det den detta dette inte ikke en ett et jag jeg och og men för for mig
            meg alltför mange tusen så helt",
        ..PLAIN
    },
    // Polish
    Language {
        verdicts: "dobry dobra dobre dobrze świetny świetna świetnie świetne doskonały doskonale doskonałe idealnie idealny
            fajny fajnie fajne zły zła złe źle słaby słaba słabe słabo okropny okropne okropnie dziękuję dziekuje dzięki dzieki
            bezużyteczny bezużyteczne przydatny przydatne pomocne pomocny najlepszy najlepsza beznadziejny beznadziejne rewelacja
            ekstra wspaniale wspaniały kiepsko",
        certain: "poprawne poprawnie błędne błędnie niepoprawne prawda nieprawda",
        courtesies: "tak nie cześć hej",
        answers: "odpowiedź odpowiedzi aplikacja",
        fillers: "bardzo nie jest to był była było i ale za zbyt naprawdę całkiem mi się dla mnie tak ta ten wszystko nic",
        ..PLAIN
    },
    // Russian
    Language {
        verdicts: "хорошо хороший хорошая хорошее отлично отличный отличная отличное супер класс классно прекрасно прекрасный
            замечательно идеально круто плохо плохой плохая плохое ужасно ужасный ужас отстой спасибо благодарю полезно полезный
            полезная бесполезно бесполезный нравится понравилось лучший лучшая лучшее лучше худший хуже норм нормально ок окей
            здорово молодец молодцы шикарно топ помогло",
        certain: "правильно неправильно верно неверно",
        courtesies: "да нет привет здравствуйте",
        answers: "ответ ответы приложение работа бот",
        fillers: "очень это так не все всё мне и но слишком совсем просто вообще за большое огромное вам был была было довольно
            как самый самая ничего меня",
        ..PLAIN
    },
    // Ukrainian
    Language {
        verdicts: "добре добрий добра чудово супер дякую погано поганий жахливо відмінно круто клас корисно некорисно найкращий
            подобається сподобалось",
        certain: "правильно неправильно вірно невірно",
        courtesies: "так ні привіт",
        answers: "відповідь додаток",
        fillers: "дуже це не все мені і але надто щиро як",
        ..PLAIN
    },
    // Turkish
    Language {
        verdicts: "iyi güzel harika mükemmel süper kötü berbat teşekkürler teşekkür sağol sağolun muhteşem fena faydalı yararlı
            yararsız faydasız beğendim beğenmedim başarılı rezalet idare",
        certain: "doğru yanlış",
        courtesies: "evet hayır merhaba",
        answers: "cevap yanıt uygulama",
        fillers: "çok bir bu değil gerçekten en da de ve ama hiç ederim ederiz eder daha o",
        ..PLAIN
    },
    // Indonesian, Malay
    Language {
        verdicts: "bagus baik mantap mantul keren sempurna biasa hebat oke kasih makasih terimakasih jelek buruk membantu
            berguna lumayan suka terbaik terburuk",
        certain: "benar salah betul",
        courtesies: "ya tidak iya halo hai",
        answers: "jawaban aplikasi",
        fillers: "sekali banget sangat ini itu yang tidak ga gak nggak kurang dan tapi saya luar terima paling amat aku",
        ..PLAIN
    },
    // Vietnamese, whose syllables stand apart
    Language {
        verdicts: "tốt hay tuyệt ổn tệ dở kém ơn ích thích",
        certain: "đúng sai",
        courtesies: "có không vâng dạ",
        answers: "app",
        fillers: "rất vời quá cảm không lắm là này cũng nhiều hữu tôi thật bạn",
        ..PLAIN
    },
    // Greek
    Language {
        verdicts: "καλό καλή καλά καλός τέλειο τέλεια άριστο άριστα εξαιρετικό εξαιρετικά κακό κακή χάλια απαίσιο ευχαριστώ ωραίο
            ωραία μέτριο χρήσιμο άχρηστο",
        certain: "σωστό λάθος",
        courtesies: "ναι όχι γεια",
        answers: "απάντηση εφαρμογή",
        fillers: "πολύ είναι δεν το η ο πάρα ήταν μου αρέσει και αλλά",
        ..PLAIN
    },
    // Hindi, in its own letters and in Latin ones
    Language {
        verdicts: "अच्छा अच्छी अच्छे बढ़िया बढ़िया शानदार उत्तम बेहतरीन मस्त खराब ख़राब बेकार बुरा धन्यवाद शुक्रिया सुंदर achha accha acha acchi
            achhi achcha badhiya mast bekar bekaar kharab shandar shaandar dhanyavad shukriya zabardast",
        certain: "सही गलत sahi galat",
        courtesies: "हाँ हां नहीं नमस्ते haan nahi namaste",
        answers: "ऐप जवाब उत्तर app",
        fillers: "बहुत है हैं यह ये था और नहीं bahut bahot bohot hai h he hain ye yeh nahi bhi ek dam ekdam bhai",
        ..PLAIN
    },
    // Bengali
    Language {
        verdicts: "ভালো ভাল সুন্দর অসাধারণ চমৎকার খারাপ বাজে ধন্যবাদ দারুণ নাইস গুড valo",
        certain: "ঠিক ভুল",
        courtesies: "হ্যাঁ না",
        fillers: "খুব খুবই অনেক এটা না একটা বেশ khub",
        ..PLAIN
    },
    // Arabic
    Language {
        verdicts: "جيد جيدة ممتاز ممتازة رائع رائعة جميل جميلة شكرا شكراً سيء سيئ سيئة مفيد مفيدة أحسن افضل أفضل",
        certain: "صحيح خطأ",
        courtesies: "نعم لا مرحبا",
        answers: "تطبيق التطبيق برنامج",
        fillers: "جدا جداً هذا هو هي غير ليس و كثيرا لكم لك أنا انا",
        ..PLAIN
    },
    // Persian
    Language {
        verdicts: "عالی خوب خوبه بد بده ممنون مرسی بهترین افتضاح مفید عالیه",
        certain: "درست غلط اشتباه",
        courtesies: "بله نه سلام",
        answers: "برنامه پاسخ",
        fillers: "خیلی است بود نیست این و واقعا بسیار هست",
        ..PLAIN
    },
    // Urdu
    Language {
        verdicts: "اچھا اچھی اچھے بہترین زبردست شکریہ خراب برا بیکار",
        certain: "صحیح غلط",
        courtesies: "ہاں نہیں",
        answers: "ایپ جواب",
        fillers: "بہت ہے یہ نہیں اور",
        ..PLAIN
    },
    // Hebrew
    Language {
        verdicts: "טוב טובה מעולה מצוין מצוינת נהדר נהדרת גרוע גרועה רע תודה מושלם מושלמת שימושי",
        certain: "נכון שגוי",
        courtesies: "כן לא שלום",
        answers: "תשובה אפליקציה",
        fillers: "מאוד לא זה זו ממש רבה הכי",
        ..PLAIN
    },
    // Korean
    Language {
        verdicts: "좋아요 좋다 좋음 좋습니다 좋네요 좋았어요 최고 최고예요 최고에요 최고입니다 훌륭해요 훌륭합니다 완벽 완벽해요 완벽합니다 감사
            감사합니다 감사해요 고마워요 고맙습니다 나쁨 나빠요 나쁩니다 별로 별로예요 별로에요 별로네요 별로입니다 최악 최악이에요 최악입니다
            쓸모없어요 유용해요 유용합니다 굿 짱 괜찮아요 괜찮네요 만족 만족해요 만족합니다 불만 좋은",
        certain: "맞아요 틀렸어요 틀림 맞습니다",
        courtesies: "네 아니요 예 안녕하세요",
        answers: "답변 앱 어플",
        fillers: "아주 매우 정말 너무 진짜 안 이거 이 이건 다 잘 많이 참",
        ..PLAIN
    },
    // Japanese
    Language {
        verdicts: "良い いい よい 良かった よかった 最高 素晴らしい すばらしい すごい 凄い 完璧 優秀 便利 ダメ だめ 駄目 悪い 最悪 ひどい 酷い 微妙
            ありがとう 感謝 好き 嫌い 役に立つ 役に立った 役に立ちました 役立った 役に立たない 役に立たなかった グッド ナイス 良く よく 普通 まあまあ
            いまいち 満足 不満",
        certain: "正しい 間違い 間違っている 間違ってる 正解 不正解",
        courtesies: "はい いいえ こんにちは",
        answers: "回答 答え アプリ ai",
        fillers: "とても すごく 非常に 本当に 大変 かなり めっちゃ です でした ました ます だ ね よ な は が も ない なかった これ この 私 もう ございます
            ござい あまり と 思います",
        tiled: true,
        ..PLAIN
    },
    // Chinese, in both kinds of letters
    Language {
        verdicts: "好 不错 棒 赞 完美 优秀 差 坏 糟糕 垃圾 烂 谢谢 感谢 有用 没用 有帮助 没有帮助 没帮助 满意 喜欢 讨厌 厉害 一般 不錯 讚 優秀 壞 爛
            謝謝 感謝 沒用 有幫助 沒有幫助 滿意 喜歡 討厭 厲害 可以 还行 還行",
        certain: "对 错 错误 正确 對 錯 錯誤 正確",
        courtesies: "是 不是 你好",
        answers: "回答 答案 软件 应用 軟體",
        fillers: "很 非常 太 真 真的 挺 不 了 的 这 这个 是 我 也 都 还 啊 呀 吧 你 极 极了 特别 十分 比较 這 這個 還 特別 比較 最",
        tiled: true,
        ..PLAIN
    },
    // Thai
    Language {
        verdicts: "ดี เยี่ยม ยอดเยี่ยม สุดยอด แย่ ห่วย ขอบคุณ ชอบ โอเค",
        certain: "ถูก ถูกต้อง ผิด",
        courtesies: "ใช่ ไม่ สวัสดี",
        fillers: "มาก ๆ ที่สุด ไม่ ครับ ค่ะ คะ นะ เลย จริง",
        tiled: true,
        ..PLAIN
    },
];

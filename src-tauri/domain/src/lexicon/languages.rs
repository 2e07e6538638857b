//! Words of praise and blame, language by language: small letters, no apostrophes.
//!
//! What people write below an answer, not a dictionary: a word stands here only where it is about no part of the answer
//! ("helpful" is, "slow", "clear" and "expensive" are not). Who needs the words of an answer's parts or of reasons finds
//! them in [`super`].

/// The verdict words of one language, or of a few whose words do not contradict one another.
#[derive(Debug)]
pub struct Language {
    pub name: &'static str,
    /// Good, great, thanks, helpful.
    pub praise: &'static str,
    /// Bad, useless, disappointed.
    pub blame: &'static str,
    /// Okay, average: neither good nor bad.
    pub middling: &'static str,
    /// Words of strong feeling that stand with praise and with blame, or that mean nothing alone.
    pub either: &'static str,
    pub right: &'static str,
    pub wrong: &'static str,
    pub yes: &'static str,
    pub no: &'static str,
    /// What turns the word behind it round: "not helpful".
    pub negations: &'static str,
    /// What only strengthens or weakens the word behind it: "very satisfied", "somewhat satisfied".
    pub degrees: &'static str,
}

const PLAIN: Language = Language {
    name: "",
    praise: "",
    blame: "",
    middling: "",
    either: "",
    right: "",
    wrong: "",
    yes: "",
    no: "",
    negations: "",
    degrees: "",
};

pub const ALL: &[Language] = &[
    Language {
        name: "every language",
        praise: "super top wow bravo perfect thx",
        middling: "ok okay okey",
        ..PLAIN
    },
    Language {
        name: "English",
        praise: "good great nice nicely best excellent awesome amazing fantastic superb wonderful brilliant fabulous awsome
            usefull outstanding marvelous marvellous incredible extraordinary exceptional magnificent terrific splendid lovely
            beautiful love loved loving like liked cool useful helpful better well thanks thank thankyou thankful ty tysm cheers
            congrats congratulations impressive impressed satisfied happy pleased helped helps legendary phenomenal gud gr8
            awsm noice perfectly epic perfection osm yay",
        blame: "useless unhelpful bad worst worse terrible horrible awful poor poorly crap crappy trash garbage rubbish sucks
            suck shit shitty stupid dumb lame hate hated dislike disliked unsatisfied dissatisfied unhappy disappointed
            disappointing pathetic",
        middling: "fine meh mediocre average decent",
        either: "thumbs unbelievable blowing k kk",
        right: "right correct true exactly",
        wrong: "wrong incorrect false",
        yes: "yes yeah yep yup sure",
        no: "no nope nah",
        negations: "not isnt wasnt arent no never",
        degrees: "very extremely really so strongly somewhat mostly quite rather completely totally highly pretty fully
            slightly fairly moderately absolutely",
    },
    Language {
        name: "German",
        praise: "gut gute guter gutes guten toll tolle tolles klasse prima perfekt perfekte ausgezeichnet hervorragend
            fantastisch wunderbar spitze genial großartig cool nett schön nützlich hilfreich hilfreiche danke dank dankeschön
            geil besser beste bester bestes zufrieden gefällt mag liebe",
        blame: "schlecht schlechte schlechter schlechtes schlimm furchtbar schrecklich mies miese mist müll nutzlos
            unbrauchbar schlechteste doof blöd unzufrieden enttäuschend enttäuscht",
        right: "richtig korrekt stimmt genau wahr",
        wrong: "falsch inkorrekt",
        yes: "ja jo",
        no: "nein nö",
        negations: "nicht kein keine",
        degrees: "sehr äußerst eher ziemlich ganz total absolut völlig",
        ..PLAIN
    },
    Language {
        name: "French",
        praise: "bon bonne bien parfait parfaite excellent excellente génial géniale merci cool magnifique formidable utile
            utiles satisfait satisfaite aime jaime adore jadore meilleur meilleure nickel chouette",
        blame: "nul nulle mauvais mauvaise mal inutile insatisfait insatisfaite décevant déçu déçue horrible terrible déteste
            pire",
        middling: "moyen médiocre",
        either: "incroyable",
        right: "vrai correct exact exacte",
        wrong: "faux fausse incorrect inexact",
        yes: "oui",
        no: "non",
        negations: "pas",
        degrees: "très plutôt assez vraiment tout",
    },
    Language {
        name: "Spanish",
        praise: "bueno buena buenos buenas buen bien excelente excelentes perfecto perfecta genial increíble increible
            fantástico fantástica gracias útil util mejor encanta encantó gusta gustó maravilloso maravillosa buenísimo
            buenísima bonito chévere vale estupendo satisfecho satisfecha",
        blame: "malo mala mal malísimo malísima pésimo pésima pesimo terrible horrible inútil inutil peor odio basura
            insatisfecho insatisfecha",
        right: "correcto correcta cierto",
        wrong: "incorrecto incorrecta falso",
        yes: "sí si",
        no: "no",
        negations: "no",
        degrees: "muy bastante tan realmente",
        ..PLAIN
    },
    Language {
        name: "Italian",
        praise: "buono buona buoni bene ottimo ottima ottimi perfetto perfetta eccellente eccellenti bello bella bravo brava
            bravi fantastico fantastica grazie utile meglio migliore piace piaciuto adoro benissimo soddisfatto soddisfatta",
        blame: "inutile male malissimo pessimo pessima cattivo cattiva brutto brutta terribile orribile peggio peggiore odio
            scarso scarsa schifo insoddisfatto insoddisfatta",
        middling: "mediocre",
        right: "giusto giusta corretto corretta esatto vero",
        wrong: "sbagliato sbagliata falso",
        yes: "sì si",
        no: "no",
        negations: "non",
        degrees: "molto tanto davvero abbastanza",
        ..PLAIN
    },
    Language {
        name: "Portuguese",
        // Praise in Portuguese, and a subject or a verb in English labels.
        either: "legal show",
        praise: "bom boa bons boas bem ótimo otimo ótima otima excelente perfeito perfeita maravilhoso maravilhosa incrível
            incrivel obrigado obrigada valeu útil melhor gosto gostei amei amo adoro adorei fantástico fantástica
            satisfeito satisfeita",
        blame: "ruim péssimo pessimo péssima pessima mau má mal horrível horrivel terrível inútil pior lixo odeio odiei
            insatisfeito insatisfeita",
        right: "certo certa correto correta verdade",
        wrong: "errada errado incorreto",
        yes: "sim",
        no: "não nao",
        negations: "não nao",
        degrees: "muito muita bastante realmente",
        ..PLAIN
    },
    Language {
        name: "Dutch",
        praise: "goed goede mooi mooie prima uitstekend geweldig geweldige fantastisch leuk nuttig handig bedankt dank dankje
            beter beste best tevreden",
        blame: "slecht slechte waardeloos nutteloos verschrikkelijk ontevreden",
        middling: "oké matig",
        right: "juist klopt correct",
        wrong: "fout onjuist",
        yes: "ja",
        no: "nee",
        negations: "niet geen",
        degrees: "heel erg zeer echt",
        ..PLAIN
    },
    Language {
        name: "Swedish, Norwegian, Danish",
        praise: "bra god godt gott fin fint utmärkt perfekt toppen jättebra tack takk tak bäst best bedst bedre bättre fantastisk
            fantastiskt suveren flott nyttig hjälpsam nydelig fremragende nöjd fornøyd tilfreds",
        blame: "dålig dåligt dårlig dårligt värdelös værdiløs ubrukelig hemsk kass kasst missnöjd misfornøyd utilfreds",
        right: "rätt riktig rigtig korrekt",
        wrong: "fel feil forkert",
        yes: "ja",
        no: "nej nei",
        negations: "inte ikke",
        degrees: "mycket meget väldigt veldig ganska",
        ..PLAIN
    },
    Language {
        name: "Polish",
        praise: "dobry dobra dobre dobrze świetny świetna świetnie świetne doskonały doskonale doskonałe idealnie idealny fajny
            fajnie fajne dziękuję dziekuje dzięki dzieki przydatny przydatne pomocne pomocny najlepszy najlepsza rewelacja ekstra
            wspaniale wspaniały zadowolony zadowolona",
        blame: "zły zła złe źle słaby słaba słabe słabo okropny okropne okropnie bezużyteczny bezużyteczne beznadziejny
            beznadziejne kiepsko niezadowolony niezadowolona",
        right: "poprawne poprawnie prawda",
        wrong: "błędne błędnie niepoprawne nieprawda",
        yes: "tak",
        no: "nie",
        negations: "nie",
        degrees: "bardzo dość całkiem naprawdę",
        ..PLAIN
    },
    Language {
        name: "Russian",
        praise: "хорошо хороший хорошая хорошее отлично отличный отличная отличное супер класс классно прекрасно прекрасный
            замечательно идеально круто спасибо благодарю полезно полезный полезная нравится понравилось лучший лучшая лучшее
            лучше здорово молодец молодцы шикарно топ помогло доволен довольна",
        blame: "плохо плохой плохая плохое ужасно ужасный ужас отстой бесполезно бесполезный худший хуже недоволен недовольна",
        middling: "норм нормально ок окей",
        right: "правильно верно",
        wrong: "неправильно неверно",
        yes: "да",
        no: "нет",
        negations: "не",
        degrees: "очень совсем довольно",
        ..PLAIN
    },
    Language {
        name: "Ukrainian",
        praise: "добре добрий добра чудово супер дякую відмінно круто клас корисно найкращий подобається сподобалось",
        blame: "погано поганий жахливо некорисно",
        right: "правильно вірно",
        wrong: "неправильно невірно",
        yes: "так",
        no: "ні",
        negations: "не",
        degrees: "дуже",
        ..PLAIN
    },
    Language {
        name: "Turkish",
        praise: "iyi güzel harika mükemmel süper teşekkürler teşekkür sağol sağolun muhteşem faydalı yararlı beğendim başarılı
            memnun memnunum",
        blame: "kötü berbat fena yararsız faydasız beğenmedim rezalet",
        either: "idare",
        right: "doğru",
        wrong: "yanlış",
        yes: "evet",
        no: "hayır",
        degrees: "çok",
        ..PLAIN
    },
    Language {
        name: "Indonesian, Malay",
        praise: "bagus baik mantap mantul keren sempurna hebat kasih makasih terimakasih membantu berguna suka terbaik puas",
        blame: "jelek buruk terburuk",
        middling: "biasa oke lumayan",
        right: "benar betul",
        wrong: "salah",
        yes: "ya iya",
        no: "tidak",
        negations: "tidak kurang",
        degrees: "sangat banget",
        ..PLAIN
    },
    Language {
        name: "Vietnamese",
        praise: "tốt hay tuyệt ơn ích thích",
        blame: "tệ dở kém",
        middling: "ổn",
        right: "đúng",
        wrong: "sai",
        yes: "có vâng dạ",
        no: "không",
        negations: "không",
        degrees: "rất",
        ..PLAIN
    },
    Language {
        name: "Greek",
        praise: "καλό καλή καλά καλός τέλειο τέλεια άριστο άριστα εξαιρετικό εξαιρετικά ευχαριστώ ωραίο ωραία χρήσιμο",
        blame: "κακό κακή χάλια απαίσιο άχρηστο",
        middling: "μέτριο",
        right: "σωστό",
        wrong: "λάθος",
        yes: "ναι",
        no: "όχι",
        negations: "δεν",
        degrees: "πολύ",
        ..PLAIN
    },
    Language {
        name: "Hindi",
        praise: "अच्छा अच्छी अच्छे बढ़िया बढ़िया शानदार उत्तम बेहतरीन मस्त धन्यवाद शुक्रिया सुंदर achha accha acha acchi achhi achcha
            badhiya mast shandar shaandar dhanyavad shukriya zabardast",
        blame: "खराब ख़राब बेकार बुरा bekar bekaar kharab",
        right: "सही sahi",
        wrong: "गलत galat",
        yes: "हाँ हां haan",
        no: "नहीं nahi",
        degrees: "बहुत bahut",
        ..PLAIN
    },
    Language {
        name: "Bengali",
        praise: "ভালো ভাল সুন্দর অসাধারণ চমৎকার ধন্যবাদ দারুণ নাইস গুড valo",
        blame: "খারাপ বাজে",
        right: "ঠিক",
        wrong: "ভুল",
        yes: "হ্যাঁ",
        no: "না",
        degrees: "খুব",
        ..PLAIN
    },
    Language {
        name: "Arabic",
        praise: "جيد جيدة ممتاز ممتازة رائع رائعة جميل جميلة شكرا شكراً مفيد مفيدة أحسن افضل أفضل",
        blame: "سيء سيئ سيئة",
        right: "صحيح",
        wrong: "خطأ",
        yes: "نعم",
        no: "لا",
        negations: "غير ليس",
        ..PLAIN
    },
    Language {
        name: "Persian",
        praise: "عالی خوب خوبه ممنون مرسی بهترین مفید عالیه",
        blame: "بد بده افتضاح",
        right: "درست",
        wrong: "غلط اشتباه",
        yes: "بله",
        no: "نه",
        degrees: "خیلی بسیار",
        ..PLAIN
    },
    Language {
        name: "Urdu",
        praise: "اچھا اچھی اچھے بہترین زبردست شکریہ",
        blame: "خراب برا بیکار",
        right: "صحیح",
        wrong: "غلط",
        yes: "ہاں",
        no: "نہیں",
        degrees: "بہت",
        ..PLAIN
    },
    Language {
        name: "Hebrew",
        praise: "טוב טובה מעולה מצוין מצוינת נהדר נהדרת תודה מושלם מושלמת שימושי",
        blame: "גרוע גרועה רע",
        right: "נכון",
        wrong: "שגוי",
        yes: "כן",
        no: "לא",
        negations: "לא",
        degrees: "מאוד",
        ..PLAIN
    },
    Language {
        name: "Korean",
        praise: "좋아요 좋다 좋음 좋습니다 좋네요 좋았어요 최고 최고예요 최고에요 최고입니다 훌륭해요 훌륭합니다 완벽 완벽해요 완벽합니다 감사
            감사합니다 감사해요 고마워요 고맙습니다 유용해요 유용합니다 굿 짱 만족 만족해요 만족합니다 좋은",
        blame: "나쁨 나빠요 나쁩니다 별로 별로예요 별로에요 별로네요 별로입니다 최악 최악이에요 최악입니다 쓸모없어요 불만",
        middling: "괜찮아요 괜찮네요",
        right: "맞아요 맞습니다",
        wrong: "틀렸어요 틀림",
        yes: "네 예",
        no: "아니요",
        degrees: "매우 아주 정말",
        ..PLAIN
    },
    Language {
        name: "Japanese",
        praise: "良い いい よい 良かった よかった 最高 素晴らしい すばらしい すごい 凄い 完璧 優秀 便利 ありがとう 感謝 好き 役に立つ 役に立った
            役に立ちました 役立った グッド ナイス 良く よく 満足",
        blame: "ダメ だめ 駄目 悪い 最悪 ひどい 酷い 嫌い 役に立たない 役に立たなかった いまいち 不満",
        middling: "普通 まあまあ 微妙",
        right: "正しい 正解",
        wrong: "間違い 間違っている 間違ってる 不正解",
        yes: "はい",
        no: "いいえ",
        degrees: "とても すごく 非常に 大変",
        ..PLAIN
    },
    Language {
        name: "Chinese",
        praise: "好 不错 棒 赞 完美 优秀 谢谢 感谢 有用 有帮助 满意 喜欢 厉害 不錯 讚 優秀 謝謝 感謝 有幫助 滿意 喜歡 厲害",
        blame: "差 坏 糟糕 垃圾 烂 没用 没有帮助 没帮助 讨厌 壞 爛 沒用 沒有幫助 討厭 不满意 不滿意",
        middling: "一般 可以 还行 還行",
        right: "对 正确 對 正確",
        wrong: "错 错误 錯 錯誤",
        yes: "是",
        no: "不是 否",
        degrees: "很 非常 太 十分",
        ..PLAIN
    },
    Language {
        name: "Thai",
        praise: "ดี เยี่ยม ยอดเยี่ยม สุดยอด ขอบคุณ ชอบ",
        blame: "แย่ ห่วย",
        middling: "โอเค",
        right: "ถูก ถูกต้อง",
        wrong: "ผิด",
        yes: "ใช่",
        no: "ไม่",
        negations: "ไม่",
        degrees: "มาก",
        ..PLAIN
    },
];

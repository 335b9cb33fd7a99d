import type { Category } from './categories.ts'

/**
 * The rules' version, stored with every battle: it changes with every change below that may file a
 * prompt elsewhere, and `npm run classify` brings old battles up to date.
 */
export const CATEGORY_RULES_VERSION = 1

/**
 * Words by the language they are of, between bars: whole words in any case; with a `*` before or
 * after them, parts of longer words too (`translat*`: translate, translation). In Chinese, Japanese
 * and Thai, which set no spaces, they may stand anywhere. Looked for are the words of the prompt's
 * own language, English ones (prompts mix) and those of `any`; all of them where the language is not
 * known.
 */
type Words = Readonly<Record<string, string>>

/** Met by any of its words, or by any of its patterns. */
type Condition = { readonly words?: Words; readonly patterns?: readonly RegExp[] }

/** Files a prompt when all of its conditions are met. */
type CategoryRule = {
  readonly category: Category
  readonly because: string
  readonly when: readonly Condition[]
}

const PROGRAMMING =
  'python|javascript|typescript|java|c++|c#|golang|kotlin|php|haskell|matlab|sql|mysql|postgres*|sqlite|bash|powershell|html|css|node.js|nodejs|numpy|pytorch|tensorflow|docker*|kubernetes|regex*|json|yaml|xml|github|vba|react.js|reactjs|npm|curl|axios|webpack|eslint'

/** Names that are everyday words as well: they count beside something that is programmed. */
const PROGRAMMING_TOO =
  'rust|ruby|swift|react|scala|perl|flask|django|pandas|git|lua|julia|vue|angular|excel|in go|c program|c code|r code|r script'

const PROGRAMMED: Words = {
  de: 'code|skript*|funktion*|programm*|klasse|methode|abfrage*|fehler*|schleife*|komponente*',
  en: 'code|codebase|script*|function*|program|programs|method|query|queries|bug|bugs|error*|exception*|snippet*|library|api|loop|array*|string|dataframe*|component*|command|hook|hooks|test|tests|struct|compile*',
  es: 'código|script*|función|funciones|programa*|clase|método*|consulta*|error*|bucle*|comando*',
  fr: 'code|script*|fonction*|programme*|classe|méthode*|requête*|erreur*|boucle*|commande*',
  it: 'codice|script|funzione|programma|classe|metodo|query|errore|ciclo|comando',
  ja: '関数|コード|プログラム|スクリプト|エラー',
  ko: '함수*|코드*|프로그램*|스크립트*|오류*',
  pl: 'kod|kodu|skrypt*|funkcj*|program*|zapytani*|błąd|błęd*',
  pt: 'código|script*|função|funções|programa*|método*|consulta*|erro|erros|comando*',
  ru: 'код|кода|скрипт*|функци*|программ*|запрос*|ошибк*|цикл|метод*',
  zh: '代码|函数|程序|脚本|报错|错误',
}

const WRITE: Words = {
  de: 'schreib*|verfass*|entwirf|formulier*|erzähl*|dichte|erstell*|mach|mache|generier*',
  en: 'write|compose|draft|create|generate|make|craft|give me|finish|continue|come up with|improve',
  es: 'escrib*|escríb*|redact*|crea|créame|compon*|cuéntame|genera|haz|hazme|mejora',
  fr: 'écri*|rédige*|compose*|crée*|raconte*|génère*|fais|invente*|améliore*',
  it: 'scriv*|componi|redigi|crea|racconta*|genera|inventa|migliora',
  ja: '書い|作っ|考え|作成',
  ko: '써*|쓰*|작성*|지어*|만들어*',
  nl: 'schrijf|maak|bedenk|vertel',
  pl: 'napisz*|stwórz*|ułóż*|opowiedz*|przygotuj*|zredaguj*',
  pt: 'escrev*|redij*|redig*|crie|cria|componha|conte|gere|faça|elabore|melhore',
  ru: 'напиши*|сочини*|составь*|создай*|расскажи*|придумай*|подготовь*|сгенерируй*',
  sv: 'skriv|skapa|dikta|berätta',
  tr: 'yaz|yazar|yazın|oluştur*|anlat',
  uk: 'напиши*|склади|створи|розкажи',
  vi: 'viết|kể|sáng tác',
  zh: '写|作一|创作|编|生成|讲',
  ar: 'اكتب*|أكتب|احك*',
  hi: 'लिख*|सुना*',
  id: 'tulis*|buat*|ceritakan',
}

const TEXTS: Words = {
  ar: 'قصيدة|قصة|رسالة|مقال*|خطاب',
  de: '*gedicht*|haiku*|geschichte|märchen|roman|aufsatz|essay*|e-mail*|email*|mail|brief|*bewerbung*|anschreiben|rede|blog*|artikel|beitrag|slogan*|überschrift*|lied|*text|dialog|absatz|zusammenfassung|einladung|witz*|produktbeschreibung|nachricht|grußkarte',
  en: 'poem*|poetry|haiku*|sonnet*|limerick*|story|stories|tale|novel|essay*|email*|e-mail*|letter|letters|speech|blog|article|post|tweet*|caption*|slogan*|tagline*|headline*|lyrics|song|rap|dialogue|monologue|screenplay|toast|product description*|press release|paragraph*|biography|bio|review|summary|abstract|invitation|joke|jokes|pun|puns|scene|chapter|message|messages|greeting*',
  es: 'poema*|haiku*|soneto*|cuento*|historia corta|relato*|novela|ensayo|correo*|email*|carta|cartas|discurso|blog|artículo|publicación|eslogan|titular*|canción|diálogo|párrafo|resumen|invitación|chiste*|mensaje*',
  fr: 'poème*|haïku*|haiku*|sonnet*|histoire|conte|nouvelle|roman|dissertation|essai|mail|e-mail*|email*|courriel|lettre|lettres|discours|blog|article|slogan*|titre*|chanson|dialogue|paragraphe|résumé|invitation|blague*|message*',
  hi: 'कविता|कहानी|पत्र|निबंध|ईमेल',
  id: 'puisi|cerita|cerpen|surat|esai|artikel|pidato|email',
  it: 'poesia*|haiku|racconto|storia|romanzo|saggio|mail|email|e-mail|lettera|discorso|blog|articolo|slogan|titolo|canzone|dialogo|paragrafo|riassunto|invito|barzelletta',
  ja: '詩|俳句|物語|小説|作文|メール|手紙|スピーチ|ブログ|記事|歌詞|メッセージ',
  ko: '시를|하이쿠*|이야기*|소설*|에세이*|이메일*|편지*|연설*|블로그*|기사를|가사*',
  nl: 'gedicht*|verhaal|brief|e-mail*|mail|toespraak|artikel|lied|mop',
  pl: 'wiersz*|haiku|opowiadani*|bajk*|powieść|esej*|mail*|e-mail*|list do|list motywacyjny|przemówieni*|artykuł*|post|slogan*|piosenk*|streszczeni*|żart*',
  pt: 'poema*|haicai*|conto|contos|história|romance|redação|e-mail*|email*|carta|cartas|discurso|blog|artigo|slogan*|título*|canção|música|diálogo|parágrafo|resumo|convite|piada*',
  ru: 'стих*|хайку|рассказ|рассказы|сказк*|роман|эссе|письмо|речь|блог*|статью|статья|пост|слоган*|песн*|диалог*|абзац*|сочинение|приглашени*|шутк*|анекдот*',
  sv: 'dikt|berättelse|saga|brev|mejl|tal|artikel|sång|skämt',
  tr: 'şiir*|hikaye*|mektup*|mektub*|makale*|konuşma|e-posta*|şarkı*|fıkra',
  uk: 'вірш*|оповідання|казк*|лист|статтю|промову|пісн*',
  vi: 'bài thơ|truyện|thư|bài văn|bài viết|email',
  zh: '诗|俳句|故事|小说|作文|文章|邮件|信|演讲|博客|歌词|文案|笑话',
}

/**
 * The rules in their order of precedence: the first that applies files the prompt, and what none
 * knows is `other`. Narrow ones come first (a fenced block, a translation that is asked for), wide
 * ones last (a question word).
 */
export const CATEGORY_RULES: readonly CategoryRule[] = [
  {
    category: 'code',
    because: 'it holds a fenced block, or lines and words that nothing but programs have',
    when: [
      {
        words: {
          any: 'regex*|regular expression*|stack trace*|source code|unit test*|pull request*',
        },
        patterns: [
          /```|^~~~/m,
          /^[ \t]{0,40}(?:(?:async )?def|func|fn) \w{1,60} ?[(<]|^[ \t]{0,40}class \w{1,60} ?(?:\(\w{0,60}\))? ?[:{][ \t]{0,9}$/m,
          /^[ \t]{0,40}(?:public|private|protected|static|export) (?:static|final|class|void|int|string|async|const|function|default)\b/im,
          /^[ \t]{0,40}(?:(?:const|let|var) \w{1,60} ?=|from \w[\w.]{0,60} import |import \w[\w.]{0,60} as \w|#include ?[<"]|#!\/)/m,
          /\bconsole\.log\(|\bprintf?\(["'f]|\bSystem\.out\b|\bfunction ?\w{0,40}\(\w{0,40}\) ?\{|\) ?=> ?[{(]|\(\) ?\{|;[ \t]{0,4}\r?\n[ \t]{0,40}\}/,
          /<\/(?:div|span|p|a|ul|li|table|body|html|script|style|button|head)>|<(?:div|html|script|body)[ >]/,
          /\bSELECT\b[^;]{1,200}\bFROM\b|\b(?:INSERT INTO|CREATE TABLE|DELETE FROM)\b/,
          /\bTraceback \(most recent call last\)|(?:Syntax|Type|Value|Key|Index|Attribute|Reference|Name|Import)Error\b|NullPointerException\b/,
        ],
      },
    ],
  },
  {
    category: 'code',
    because: 'it names a programming language or tool, and something made with it',
    when: [{ words: { any: `${PROGRAMMING}|${PROGRAMMING_TOO}` } }, { words: PROGRAMMED }],
  },
  {
    category: 'translation',
    because: 'it asks for a translation, or how something is said in another language',
    when: [
      {
        words: {
          ar: 'ترجم*',
          cs: 'přelož*|překlad*',
          de: 'übersetz*|wie sagt man',
          en: 'translate|translates|translated|translating|translation of|translation for|translation into|translation to|translations|how do you say|how would you say|how do i say|how to say',
          es: 'traduc*|tradúc*|traduzc*|cómo se dice|como se dice',
          fr: 'tradui*|traduction de|traduction en|comment dit-on|comment dire|comment on dit',
          hi: 'अनुवाद*',
          id: 'terjemah*',
          it: 'traduci*|tradurre|traduzione|come si dice',
          ja: '翻訳|訳して|に訳',
          ko: '번역*',
          nl: 'vertaal*|vertaling|hoe zeg je',
          pl: 'przetłumacz*|tłumaczeni*|jak powiedzieć',
          pt: 'traduz*|tradução|como se diz',
          ru: 'переведи*|перевести|перевод|как сказать',
          sv: 'översätt*|hur säger man',
          th: 'แปล',
          tr: 'çevir*|tercüme*',
          uk: 'переклад*',
          vi: 'dịch',
          zh: '翻译|翻譯|译成|用英语怎么说|用英文怎么说',
        },
        patterns: [
          /\bwhat (?:does|do) [^?\n]{1,80} mean in [a-z]/i,
          /\bwas (?:heißt|bedeutet) [^?\n]{1,80} auf [a-z]/i,
          /\b(?:in|into|to) (?:arabic|chinese|dutch|english|french|german|hindi|italian|japanese|korean|polish|portuguese|russian|spanish|swedish|turkish) ?:/i,
        ],
      },
    ],
  },
  {
    category: 'mathematics',
    because: 'it holds a formula, an equation or a sum',
    when: [
      {
        patterns: [
          /\\(?:frac|int|sum|sqrt|lim|prod|mathbb|cdot|partial|infty)\b|\$\$/,
          /[∫∑√∂∇≤≥≠∞∀∃]/u,
          /(?<![\w.])\d{0,12}[xyznabkt] ?(?:\^|\*\*|²|³)|\b[fgh]\([a-z]\) ?=/i,
          /\d[\d.,]{0,20}%? ?[+×÷*^] ?\(?-?\d/u,
          /(?<!\w)\d{0,12}[a-z] ?[-+] ?\d{0,12}[a-z]? ?= ?-?\d|\d ?[-−+*/x] ?\d{1,12} ?=/,
          /\b(?:what(?:'s| is)|how much is|was ist|wie viel ist|combien font|cuánto es|quanto é|quanto fa) \d{1,12} ?[-−+*/x]/iu,
        ],
      },
    ],
  },
  {
    category: 'writing',
    because: 'it asks for a text of a kind that has a name',
    when: [{ words: WRITE }, { words: TEXTS }],
  },
  {
    category: 'writing',
    because: 'it asks to rewrite, to correct or to sum up a text, or to tell a story or a joke',
    when: [
      {
        words: {
          de: 'fasse|fass|zusammenfass*|zusammenzufass*|umformulier*|formuliere|korrigier*|korrekturles*|kürze',
          en: 'summarize|summarise|sum up|rewrite|rephrase|paraphrase|proofread|reword|edit this|edit the following|shorten|fix the grammar|correct the grammar|check the grammar|fix my grammar|make this sound|tl;dr|tell me a story|tell me a joke|tell a joke|turn this into|turn these|turn the following',
          es: 'resume|resumir|resúme*|reescrib*|parafrase*|corrige|corrígeme',
          fr: 'résume*|reformule*|réécri*|paraphrase*|corrige*',
          it: 'riassumi*|riscrivi*|riformula*|parafrasa|correggi*',
          ja: '要約|書き直し|言い換え|添削|まとめて',
          ko: '요약*|다시 써*|교정*',
          nl: 'vat samen|samenvat*|herschrijf|verbeter',
          pl: 'streść|podsumuj|przeredaguj|sparafrazuj|popraw',
          pt: 'resuma|resume|resumir|reescreva|parafrase*|corrija',
          ru: 'перефразируй*|сократи*|перепиши*|изложи*|исправь*|суммируй*',
          zh: '总结|概括|改写|润色|缩写',
        },
      },
    ],
  },
  {
    category: 'reasoning',
    because: 'it is a riddle, or gives something that conclusions are to be drawn from',
    when: [
      {
        words: {
          de: 'rätsel*|denksport*|denkaufgabe*|logik*|logisch*|folgere|schlussfolger*|wer lügt',
          en: 'riddle*|puzzle*|brain teaser*|brainteaser*|logic|logical|logically|deduce|infer|syllogism*|who is lying|who is telling the truth|always lies|tells the truth|river crossing|what comes next|next number|odd one out|cross the river|cross the bridge|step by step reasoning|counterfactual*|can we conclude|does it follow',
          es: 'acertijo*|adivinanza*|rompecabezas|lógica|lógico|deduce|quién miente',
          fr: 'énigme*|devinette*|casse-tête*|logique*|déduis|déduire|qui ment',
          it: 'indovinell*|enigma|rompicapo|logica|logico|deduci',
          ja: 'なぞなぞ|謎解き|論理|推理|パズル',
          ko: '수수께끼*|퍼즐*|논리*|추론*',
          nl: 'raadsel*|logica|logisch',
          pl: 'zagadk*|łamigłówk*|logik*|logiczn*|wywnioskuj',
          pt: 'charada*|enigma*|adivinha|quebra-cabeça*|lógica|lógico|deduza',
          ru: 'загадк*|головоломк*|логик*|логическ*|кто врёт|кто лжёт|сделай вывод',
          tr: 'bilmece*|bulmaca*|mantık*',
          zh: '谜语|谜题|推理|逻辑|脑筋急转弯',
        },
        patterns: [
          /\bif (?:all|every|no|some) \w{1,40} (?:are|is)\b/i,
          /\b(?:taller|shorter|older|younger|faster|slower|heavier) than\b[^]{1,200}\bwho\b/i,
          /(?<![\d,])(?:\d{1,6}, ?){3,12}(?:_|\?|\.\.\.|…|x\b)/u,
        ],
      },
    ],
  },
  {
    category: 'mathematics',
    because: 'it asks to calculate, to solve or to prove',
    when: [
      {
        words: {
          de: 'berechn*|rechne|rechnen|ausrechnen|*gleichung*|integral*|ableitung|wahrscheinlichkeit|beweise|wurzel aus|prozent von|wie viel ist|primzahl*|umfang eines|fläche eines|volumen|durchschnittsgeschwindigkeit',
          en: 'calculate|compute|equation*|integral of|integrals|derivative*|differentiate|probability|prove that|proof that|theorem|square root|percent of|prime number*|prime factor*|factorial|matrix multiplication|inverse matrix|determinant|eigenvalue*|polynomial*|logarithm*|average speed|area of|volume of|perimeter|circumference|how many different ways|in how many ways|solve for|math problem*|maths problem*|word problem*|standard deviation of|arithmetic|trigonometr*|calculus|integrate x|dx',
          es: 'calcul*|calcúl*|ecuaci*|integral de|derivada*|probabilidad*|demuestra|raíz cuadrada|por ciento de|número primo|números primos|teorema*|área de|volumen de',
          fr: 'calcul*|équation*|intégrale*|dérivée*|probabilité*|démontre*|prouve que|racine carrée|pour cent de|nombre premier|nombres premiers|théorème*|aire de|volume de',
          it: 'calcola*|equazion*|integrale|derivata|probabilità|dimostra|radice quadrata|numero primo|numeri primi|teorema',
          ja: '計算|方程式|積分|微分|確率|証明|平方根|素数|行列',
          ko: '계산*|방정식*|적분*|미분*|확률*|증명*|제곱근*|소수를|행렬*',
          nl: 'bereken*|vergelijking|integraal|afgeleide|kans dat|bewijs dat|wortel van|priemgetal*',
          pl: 'oblicz*|równani*|całk*|pochodn*|prawdopodobieństw*|udowodnij|pierwiastek|ile to jest|liczba pierwsza|liczby pierwsze',
          pt: 'calcul*|equaç*|integral de|derivada|probabilidade|prove que|demonstre|raiz quadrada|por cento de|número primo|números primos|teorema',
          ru: 'вычисли*|посчитай*|рассчитай*|уравнени*|интеграл*|производную|производная|вероятност*|докажи*|корень из|сколько будет|простое число|простые числа|теорем*',
          tr: 'hesapla*|denklem*|integral*|türev*|olasılı*|kanıtla|ispatla',
          zh: '计算|方程|积分|导数|概率|证明|平方根|质数|素数|矩阵|求解|等于多少',
        },
        patterns: [/\b\d[^?]{1,150}\bhow (?:many|much|long|far|fast)\b[^?]{1,80}(?:\d|\?)/i],
      },
    ],
  },
  {
    category: 'code',
    because: 'it names a programming language, or what programmers do',
    when: [
      {
        words: {
          any: PROGRAMMING,
          de: 'programmier*|quellcode|kompilier*|debugg*|softwareentwick*|datenbank*|algorithm*',
          en: 'programming|programmer*|coding|code|debug*|compiler*|algorithm*|refactor*|unit test*|source code|pseudocode|stack overflow|backend|frontend|database*|api|apis|microservice*|pull request*|web scraper|div|react component*|react hook*|swiftui|git rebase|git merge|git commit|recursion|big o',
          es: 'programación|programar|depurar|compilar|algoritmo*|base de datos|bases de datos',
          fr: 'programmation|programmer|déboguer|compiler|algorithme*|base de données|bases de données|coder',
          it: 'programmazione|programmare|algoritm*|database',
          ja: 'プログラミング|アルゴリズム|データベース|コード',
          ko: '프로그래밍*|알고리즘*|데이터베이스*|코드*|코딩*',
          nl: 'programmeren|algoritme*|database*|broncode',
          pl: 'programowani*|programować|algorytm*|baza danych|bazy danych',
          pt: 'programação|programar|algoritmo*|banco de dados|bancos de dados',
          ru: 'программирован*|алгоритм*|база данных|базы данных|код|кода',
          zh: '编程|算法|数据库|代码',
        },
      },
    ],
  },
  {
    category: 'writing',
    because: 'it uses a verb that stands for nothing but writing',
    when: [
      {
        words: {
          de: 'schreib|schreibe|verfasse|dichte',
          en: 'write|compose|draft',
          es: 'escribe|escríbeme|redacta',
          fr: 'écris|écrivez|rédige*',
          it: 'scrivi|scrivimi|componi',
          pl: 'napisz|zredaguj',
          pt: 'escreva|redija',
          ru: 'напиши|сочини',
        },
      },
    ],
  },
  {
    category: 'advice',
    because: 'it asks what to do, to choose or to try',
    when: [
      {
        words: {
          ar: 'انصح*|نصيحة|نصائح|كيف يمكنني|اقترح*',
          de: 'soll ich|sollte ich|empfiehl*|empfehl*|tipps|ratschl*|rat geben|was würdest du|wie kann ich|wie werde ich|wie lerne ich|vorschl*|schlag mir|schlage mir|plane|reiseplan|trainingsplan|speiseplan|rezept|rezepte|ideen für|hilf mir|wie mache ich|wie koche ich|*geschenk*|lohnt sich|worauf sollte|was koche ich|brauche ich|was tun|was soll',
          en: 'should i|should we|recommend*|suggest*|advice|advise|tips|best way to|how can i|how do i|how should i|how to|what would you do|plan a|plan for|plan me|itinerary|workout|meal plan|recipe*|ideas for|gift idea*|gift for|pros and cons|what can i do|which is better|worth it|guide me|teach me|brainstorm|help me plan|help me choose|help me decide|help me with|what do you think i|what should|which should',
          es: 'debería|deberia|recomiend*|recomiénd*|recomendaci*|consejos|un consejo|sugier*|sugerencia*|cómo puedo|como puedo|qué me aconsejas|ayúdame|ayudame|receta*|ideas para|itinerario|qué puedo hacer|mejor manera de',
          fr: 'devrais-je|dois-je|recommand*|conseils|conseille*|un conseil|suggère*|comment puis-je|comment faire|aide-moi|recette*|idées de|idées pour|idée de|itinéraire|planifie*|que puis-je faire|astuce*|meilleure façon',
          hi: 'सलाह|सुझाव*',
          id: 'sebaiknya|rekomendasi*|saran|resep|tips|bagaimana cara',
          it: 'dovrei|consigli|consigliami|un consiglio|suggerisci*|raccomanda|come posso|aiutami|ricetta|ricette|idee per|itinerario',
          ja: 'おすすめ|アドバイス|どうすれば|方法を教え|べきです|レシピ|アイデア|コツ',
          ko: '추천*|조언*|어떻게 하면|방법을*|레시피*|아이디어*|계획*',
          nl: 'moet ik|hoe kan ik|tips|advies|recept|recepten|help me|ideeën voor|aanraden|raad je',
          pl: 'powinienem|powinnam|poleć|polecasz|doradź|porad*|jak mogę|przepis|przepisy|pomysł*|pomóż mi|zaplanuj',
          pt: 'devo|deveria|recomend*|conselho|conselhos|dicas|sugest*|sugira|como posso|como faço|me ajude|ajude-me|receita*|ideias para|roteiro',
          ru: 'стоит ли|посоветуй*|порекомендуй*|совет|советы|как мне|помоги*|рецепт*|идеи|предложи*|составь план',
          sv: 'borde jag|rekommender*|tips|råd|hur kan jag|recept',
          tr: 'öner*|tavsiye*|nasıl yapabilirim|tarifi',
          zh: '推荐|建议|怎么办|应该|如何才能|怎样才能|食谱|攻略|计划|帮我',
        },
        patterns: [/^(?:the )?best \w/i],
      },
    ],
  },
  {
    category: 'knowledge',
    because: 'it asks a question about the world, or for an explanation',
    when: [
      {
        words: {
          ar: 'ما|من|متى|أين|لماذا|كيف|اشرح*|هل',
          bg: 'какво|кой|кога|къде|защо|как|обясни*',
          ca: 'què|qui|quan|on|per què|com|explica*',
          cs: 'co je|kdo|kdy|kde|proč|jak|vysvětli*',
          da: 'hvad|hvem|hvornår|hvor|hvorfor|hvordan|forklar*',
          de: 'was|wer|wann|wo|warum|wieso|wie|welche*|erklär*|erläuter*|beschreib*|unterschied*|definier*|bedeutet|nenne|wieviel*',
          el: 'τι|ποιος|ποια|πότε|πού|γιατί|πώς|εξήγησε',
          en: "what|what's|who|who's|when|where|why|how|which|explain*|describe*|define*|difference*|meaning of|history of|tell me about|list|compare|overview|is it true|does|did|is there|are there|name the|name three|name five",
          es: 'qué|que es|quién|quien|quiénes|cuándo|dónde|donde|por qué|cómo|cuál|cual|cuáles|cuánto*|explica*|explíca*|describe*|define|diferencia*|háblame',
          fa: 'چیست|چرا|چگونه|کجا|توضیح',
          fi: 'mikä|mitä|kuka|milloin|missä|miksi|miten|selitä',
          fr: "quel|quelle|quels|quelles|qui|quand|où|pourquoi|comment|qu'est-ce|que signifie|explique*|décri*|définis*|différence*|combien|parle-moi",
          he: 'מה|מי|מתי|איפה|למה|איך|הסבר*',
          hi: 'क्या|कौन|कब|कहाँ|क्यों|कैसे|समझा*',
          hu: 'mi az|mi a|mikor|hol|miért|hogyan|magyarázd*',
          id: 'apa|siapa|kapan|di mana|mengapa|kenapa|bagaimana|jelaskan*',
          it: "cosa|che cos'è|chi|quando|dove|perché|come|qual|quale|quali|spiega*|descrivi|definisci|differenza",
          ja: 'とは|何です|なぜ|誰|いつ|どこ|どうして|説明|違い|教えて|ですか|どのよう',
          ko: '무엇*|누구*|언제*|어디*|왜|어떻게*|설명*|차이*|뭐야|알려*',
          nl: 'wat|wie|wanneer|waar|waarom|hoe|welke|leg uit|verschil*',
          no: 'hva|hvem|når|hvor|hvorfor|hvordan|forklar*',
          pl: 'co to|co|kto|kiedy|gdzie|dlaczego|jak|jaki|jaka|jakie|wyjaśnij|wytłumacz|opisz|różnic*',
          pt: 'o que|quem|quando|onde|por que|por quê|como|qual|quais|explique*|explica*|descreva|defina|diferença*',
          ro: 'ce|cine|când|unde|de ce|cum|explică',
          ru: 'что|кто|когда|где|почему|зачем|как|какой|какая|какие|сколько|объясни*|опиши*|разниц*|чем отличается|расскажи о|расскажи про',
          sv: 'vad|vem|när|var|varför|hur|förklara',
          th: 'อะไร|ใคร|เมื่อไร|ที่ไหน|ทำไม|อย่างไร|อธิบาย|คือ',
          tr: 'nedir|kim|kimdir|ne zaman|nerede|neden|niçin|nasıl|açıkla*|hangi',
          uk: 'що|хто|коли|де|чому|як|який|яка|поясни*|опиши*',
          vi: 'là gì|ai là|khi nào|ở đâu|tại sao|như thế nào|giải thích',
          zh: '什么|谁|何时|哪|为什么|怎么|如何|解释|区别|介绍|说明|是不是|吗|多少|几',
        },
      },
    ],
  },
]

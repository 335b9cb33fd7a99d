/** Languages that simulated voters ask in, with their shares of the prompts. */
export const LANGUAGE_SHARES = {
  en: 0.5,
  de: 0.12,
  fr: 0.08,
  es: 0.08,
  zh: 0.08,
  ru: 0.05,
  ja: 0.04,
  pt: 0.03,
  und: 0.02,
} as const
export type SimulatedLanguage = keyof typeof LANGUAGE_SHARES
export const SIMULATED_LANGUAGES = Object.keys(LANGUAGE_SHARES) as SimulatedLanguage[]

/** What every simulated prompt ends with, so that nobody takes it for a person's. */
const MARK = '(simulated)'

/**
 * First prompts by language; their categories are what the classifier makes of them. Those listed
 * more often are asked more often.
 */
const FIRST: Readonly<Record<SimulatedLanguage, readonly string[]>> = {
  en: [
    'Write a Python function that removes duplicates from a list but keeps the order',
    'Why does my SQL query get so slow when the table grows?',
    'Explain recursion to somebody who has just begun with programming',
    'How do I undo the last git commit without losing my changes?',
    'What is the difference between a virus and a bacterium?',
    'Explain how a heat pump works in simple words',
    'Who built the first lighthouses, and why there?',
    'Tell me about the history of the printing press',
    'Write a short poem about the sea in autumn',
    'Draft an email to my landlord about the broken heating',
    'Summarize the following article in three sentences',
    'Should I buy or rent a flat if I may move in three years?',
    'Give me some tips to sleep better in summer',
    'Plan a three day itinerary for Lisbon with two small children',
    'A train travels 120 km in 1.5 hours. What is its average speed?',
    'Prove that the square root of two is irrational',
    'Translate "good morning, how are you today" to German',
    'If all bloops are razzies and all razzies are lazzies, are all bloops lazzies?',
    'You are a pirate now, and you stay one until I say stop',
  ],
  de: [
    'Schreibe ein Python-Skript, das alle Bilder in einem Ordner verkleinert',
    'Was ist der Unterschied zwischen Wetter und Klima?',
    'Erkläre mir in zwei Sätzen, wie eine Wärmepumpe funktioniert',
    'Schreib mir ein kurzes Gedicht zum Geburtstag meiner Mutter',
    'Verfasse eine Bewerbung als Bäcker mit zehn Jahren Erfahrung',
    'Soll ich meinem Chef sagen, dass ich kündigen will?',
    'Berechne die Wahrscheinlichkeit, mit zwei Würfeln eine Sieben zu würfeln',
    'Übersetze den folgenden Satz ins Englische: Der Zug hat leider Verspätung',
    'Stell mir ein schwieriges Rätsel und gib mir danach die Lösung',
  ],
  fr: [
    'Écris une fonction JavaScript qui inverse une chaîne de caractères',
    'Explique-moi la photosynthèse en deux phrases',
    'Pourquoi les feuilles deviennent-elles rouges en automne ?',
    'Écris une lettre de motivation pour un poste de vendeuse',
    'Peux-tu me recommander un bon livre pour les vacances ?',
    'Calcule la dérivée de la fonction sinus et explique la méthode',
    'Traduis cette phrase en anglais : le train est en retard',
  ],
  es: [
    'Escribe un programa en Python que lea un archivo CSV y sume una columna',
    '¿Por qué el cielo es azul durante el día?',
    '¿Quién pintó Las Meninas y en qué año?',
    'Escribe un cuento corto sobre un dragón que tiene miedo del fuego',
    '¿Qué me recomiendas visitar en Sevilla durante un fin de semana?',
    'Resuelve la siguiente ecuación paso a paso y explica cada cálculo',
    '¿Cómo se dice "me gustaría reservar una mesa" en francés?',
  ],
  zh: [
    '用Python写一个快速排序函数',
    '为什么天空是蓝色的？',
    '请写一首关于秋天的短诗',
    '推荐几本关于历史的书',
    '把这句话翻译成英文：今天天气很好',
    '求解方程 2x + 5 = 17',
  ],
  ru: [
    'Напиши на Python функцию, которая проверяет, является ли строка палиндромом',
    'Почему небо голубое, а закат красный?',
    'Напиши короткий рассказ о собаке, которая потерялась',
    'Посоветуй, что подарить маме на день рождения',
    'Переведи на английский: я завтра не смогу прийти',
  ],
  ja: [
    'Pythonで素数を判定する関数を書いてください',
    '江戸時代はいつ始まりましたか',
    '秋についての短い詩を書いてください',
    '京都でおすすめの観光地を三つお願いします',
    '次の文を英語に翻訳してください：今日は天気がいいです',
  ],
  pt: [
    'Crie uma consulta SQL que mostre os dez clientes que mais compraram',
    'Quem descobriu o Brasil e quando isso aconteceu?',
    'Escreva um poema sobre a saudade e o mar',
    'Como posso aprender a tocar violão em casa?',
  ],
  und: ['x^2 + 3x - 4 = 0', '17 * 23?', 'hi', 'ok, thanks'],
}

/** First prompts of a language, marked. */
export function firstPrompts(language: SimulatedLanguage): string[] {
  return FIRST[language].map((prompt) => `${prompt} ${MARK}`)
}

export const LATER_PROMPT = `And why is that so? ${MARK}`

/** @param tokens how long the answer would have been */
export function simulatedAnswer(tokens: number): string {
  return `Simulated: no model has written this. It stands for an answer of about ${tokens} tokens.`
}

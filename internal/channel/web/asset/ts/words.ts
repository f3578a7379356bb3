// What the scripts of the resident's pages say; Russian here, other languages come
// when a page needs them. Plural forms stand between bars: one|few|many in Russian, one|other in English.

const ru = {
  topics: "предлагаем {0} тему|предлагаем {0} темы|предлагаем {0} тем",
  guess: "Похоже, это:", unsure: "Не уверены — не выбирайте: подберём сами, сотрудник проверит.", sure: "Тема:", season: "Сейчас эту тему не принимаем.",
  topicOther: "Выбрать другую тему",
  topicPick: "Выбрать тему из списка",
  optional: "если хотите",
  houses: "Дома",
  found: "нашёлся {0} дом|нашлись {0} дома|нашлось {0} домов",
  noHouse: "Такого дома не нашли. Проверьте улицу или покажите место на карте.",
  known: "Место: {0}", addNumber: "Допишите номер дома или выберите дом из списка.",
  placeLost: "Адрес изменился. Выберите дом из списка или покажите место на карте.",
  photo: "Фото {0}", preparing: "готовим", sending: "загружаем, {0} %", arrived: "загружено", waiting: "загрузим, когда будет связь",
  remove: "Убрать", tooMany: "Можно приложить не больше {0} фото.",
  photoArrived: "Фото {0} загружено", photoRefused: "Фото {0} не подошло: {1}", badPhoto: "не получилось прочитать файл",
  restored: "Восстановили черновик", again: "Начать заново",
  left: "ещё можно {0} знак|ещё можно {0} знака|ещё можно {0} знаков",
  over: "лишний {0} знак: сократите|лишних {0} знака: сократите|лишних {0} знаков: сократите",
  errors: "Проверьте, пожалуйста", needText: "Напишите, что случилось", needPlace: "Укажите место: без него не понять, куда ехать",
  noNet: "Нет связи. Напишите адрес: улицу и дом.",
  sendingNow: "Отправляем…",
  kept: "«{0}»: не получилось отправить. Сообщение сохранено на этом телефоне, отправим, как только связь вернётся.",
  notKept: "Не получилось ни отправить, ни сохранить на этом телефоне. Не закрывайте страницу и попробуйте ещё раз.",
  refused: "Сообщение не приняли.",
  outSent: "«{0}» отправлено.", outRefused: "«{0}» не приняли. {1}", outOld: "Неделю не было связи, телефон и фото мы стёрли.",
  sendNow: "Отправить сейчас", mend: "Исправить", open: "Открыть", hide: "Скрыть",
};

type Key = keyof typeof ru;

/** Words are all phrases of one language. */
export type Words = Readonly<Record<Key, string>>;

/** lang is the language of the page. */
export const lang = document.documentElement.lang === "en" ? "en" : "ru";

let words: Words = ru;
const forms = new Intl.PluralRules(lang);

/** learn brings the words of the page's language, where they are not the main ones. */
export async function learn(): Promise<void> {
  if (lang === "en") words = (await import("./words_en")).en;
}

/** put fills {0}, {1} of a phrase. */
export function put(phrase: string, args: readonly (string | number)[]): string {
  return phrase.replace(/\{(\d)\}/g, (_, i: string) => String(args[Number(i)] ?? ""));
}

/** say is a phrase in the language of the page. */
export function say(key: Key, ...args: (string | number)[]): string {
  return put(words[key], args);
}

/** count is a phrase in the form that goes with n, which is {0}. */
export function count(key: Key, n: number): string {
  const all = words[key].split("|");
  const form = ["one", "few", "many"].indexOf(forms.select(n));
  return put(all[form < 0 ? all.length - 1 : Math.min(form, all.length - 1)] ?? "", [n]);
}

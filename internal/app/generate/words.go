package generate

import (
	"math/rand/v2"
	"strings"

	"gorod/internal/city/problem"
	"gorod/internal/city/topic"
)

// phrases are parts of what people write, to be put together.
type phrases struct {
	examples map[topic.ID][]string
}

func draw(dice *rand.Rand, list []string) string { return list[dice.IntN(len(list))] }

// message is what a resident writes about a topic.
func (p phrases) message(dice *rand.Rand, t topic.Topic, lang string) string {
	core := t.Name[lang]
	if list := p.examples[t.ID]; len(list) > 0 {
		core = draw(dice, list)
	}
	parts := []string{draw(dice, openings()), sentence(core)}
	if dice.IntN(2) == 0 {
		parts = append(parts, draw(dice, details()))
	}
	parts = append(parts, draw(dice, requests()))
	return joined(parts)
}

// again is what a resident writes who disputes an answer.
func (p phrases) again(dice *rand.Rand, t topic.Topic, lang string) string {
	core := t.Name[lang]
	if list := p.examples[t.ID]; len(list) > 0 {
		core = draw(dice, list)
	}
	return joined([]string{draw(dice, disputes()), sentence(core), draw(dice, requests())})
}

func (p phrases) answer(dice *rand.Rand, outcome problem.Outcome) string {
	return joined([]string{draw(dice, greetings()), draw(dice, outcomes()[outcome]), draw(dice, farewells())})
}

func (p phrases) interim(dice *rand.Rand) string {
	return joined([]string{draw(dice, greetings()), draw(dice, delaysSaid()), draw(dice, farewells())})
}

// sentence ends a text where it has no end yet.
func sentence(text string) string {
	if strings.HasSuffix(text, ".") || strings.HasSuffix(text, "!") || strings.HasSuffix(text, "?") {
		return text
	}
	return text + "."
}

func joined(parts []string) string {
	var b strings.Builder
	for _, part := range parts {
		if part == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(part)
	}
	return b.String()
}

func openings() []string {
	return []string{"", "", "", "Здравствуйте!", "Добрый день.", "Доброе утро.", "Добрый вечер.", "Прошу помочь.", "Обращаюсь повторно.",
		"Пишу от всего подъезда.", "Жильцы просят помочь.", "Опять то же самое:"}
}

func details() []string {
	return []string{"Так уже неделю.", "Началось вчера вечером.", "Замечаю третий день.", "Особенно неудобно пожилым и мамам с колясками.",
		"Рядом школа, дети ходят мимо.", "По вечерам здесь совсем неприятно.", "Звонили диспетчеру, обещали и не приехали.",
		"Весной уже чинили, хватило на месяц.", "Соседи тоже жалуются.", "Это у второго подъезда, со стороны двора.",
		"Со стороны улицы видно сразу.", "Ближе к остановке, справа от дорожки.", "После дождя становится хуже.", "Утром чуть не упал прохожий.",
		"Место людное, рядом магазин.", "На соседнем доме то же самое."}
}

func requests() []string {
	return []string{"", "", "Прошу исправить.", "Пожалуйста, приведите в порядок.", "Прошу принять меры.", "Сделайте, пожалуйста, до выходных.",
		"Прошу проверить и ответить.", "Надеюсь на помощь.", "Спасибо заранее.", "Когда это починят?", "Прошу назвать дату работ."}
}

func disputes() []string {
	return []string{"Не согласен с ответом.", "Работы не сделаны.", "Ничего не изменилось.", "Сделали наполовину.", "Пришли, посмотрели и ушли.",
		"На снимке другое место.", "Через день всё вернулось.", "В ответе написано «выполнено», но это не так."}
}

func greetings() []string {
	return []string{"Здравствуйте!", "Добрый день!", "Уважаемый заявитель!", "Спасибо за сообщение.", "Благодарим за неравнодушие."}
}

func farewells() []string {
	return []string{"", "Снимки места приложены.", "Если вопрос останется, напишите нам ещё раз.", "Контроль оставили за начальником участка.",
		"Приносим извинения за неудобства.", "Хорошего дня!", "Акт осмотра хранится в организации."}
}

func outcomes() map[problem.Outcome][]string {
	return map[problem.Outcome][]string{
		problem.Done: {"Бригада выехала на место и устранила неисправность.", "Работы выполнены в полном объёме, участок приведён в порядок.",
			"Мастер осмотрел место и всё исправил в день выезда.", "Замечание устранено, место осмотрено повторно через день.",
			"Уборка проведена, подрядчику указано на нарушение графика.", "Повреждённый элемент заменили на новый."},
		problem.Planned: {"Для работ нужны материалы: они заказаны, место внесено в план на следующий месяц.",
			"Работы зависят от погоды и стоят в плане весеннего ремонта.", "Объём большой, поэтому адрес включён в программу следующего года."},
		problem.Refusal: {"Осмотр показал, что состояние соответствует нормам, оснований для работ нет.",
			"Сделать это здесь нельзя: под площадкой проходят сети, и раскапывать её запрещено."},
		problem.NotOurs: {"Это имущество не в нашем ведении: по документам оно на балансе собственника участка.",
			"Территория принадлежит другой организации, копию сообщения ей передали."},
		problem.Absent: {"Специалист приехал по адресу и ничего из описанного не нашёл.", "На месте нарушений нет, замечание снято до нашего приезда."},
	}
}

func delaysSaid() []string {
	return []string{"Место осмотрели, для работ нужны материалы; они заказаны.", "Нужно разрешение на вскрытие асфальта, документы поданы.",
		"Работы начали, закончим к указанной дате.", "Ждём подрядчика по договору, он приступит по графику.", "Причину нашли, для ремонта нужна техника."}
}

func handovers() []string {
	return []string{"Участок в ведении другой организации.", "По адресной программе отвечает другая служба.", "Передаём по принадлежности.",
		"Сети не на нашем балансе."}
}

func questions() []string {
	return []string{"Уточните, пожалуйста, у какого подъезда.", "Пришлите, пожалуйста, снимок места.", "С какой стороны дома это видно?"}
}

func replies() []string {
	return []string{"У второго подъезда, если стоять лицом к дому.", "Со стороны двора, рядом с детской площадкой.", "Справа от входа, видно сразу."}
}

func refusals() []string {
	return []string{"По описанию не понять, что именно случилось. Опишите подробнее и отправьте ещё раз.", "Об этом уже написали, следите за первым сообщением.",
		"Сообщение не о городском хозяйстве, здесь мы не поможем."}
}

// signers are who signs answers: invented, as their telephones.
func signers() []problem.Signer {
	return []problem.Signer{
		{Position: "начальник участка", Name: "Кедров А. П.", Phone: "2-40-11"}, {Position: "главный инженер", Name: "Лугова Н. С.", Phone: "2-40-12"},
		{Position: "начальник отдела", Name: "Озеров В. И.", Phone: "2-40-13"}, {Position: "заместитель директора", Name: "Рощина Е. М.", Phone: "2-40-14"},
		{Position: "мастер", Name: "Полевой Д. К.", Phone: "2-40-15"}, {Position: "директор", Name: "Ручьёва О. В.", Phone: "2-40-16"},
	}
}

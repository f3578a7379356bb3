package reading

import "sync"

// The groups of words that the rules of danger speak of.
const (
	fireNoun class = 1 << iota
	catchFire
	burn
	burnable
	lamp
	smoke
	burntSmell
	indoors
	gasWord
	leakWord
	gasPipe
	broken
	exploded
	bomb
	suspect
	luggage
	gunfire
	armed
	threaten
	killing
	assault
	person
	senseless
	dying
	drown
	hurt
	fell
	pit
	opened
	childish
	dark
	collapsed
	building
	trifle
	sparks
	wire
	torn
	current
	live
	shock
	network
	gush
	hotWater
	waterWord
	electric
	flood
	icicle
	falling
	stuckIn
	liftWord
	inside
	notNow
	vehicle
	thinIce
	deathly
	without
	smell
	negated
	ride
	tap
	manhole
	cordon
	firework
	fallers
)

// words are the groups, in Russian and English. Latin letters that look Russian
// inside a Russian word were made Russian before.
var words = sync.OnceValue(func() lexicon {
	return newLexicon(map[class]string{
		fireNoun: "пожар пожара пожару пожаре возгорание возгорания задымление задымления fire blaze",
		catchFire: "загорелся загорелась загорелось загорелись полыхает полыхают пылает горим вспыхнул вспыхнула вспыхнуло " +
			"burning flames",
		burn: "горит горят тлеет тлеют загорается поджигают подожгли поджег",
		burnable: "дом дома доме квартир* подъезд* парадн* мусоропровод* мусорк* мусор чердак* подвал* машин* автомобил* контейнер* бак баки бака урна урне помойк* трава траву балкон* " +
			"крыш* торф* лес лесу сара* гараж* свалк* проводк* щиток щитк* щитов* электрощит* трансформатор* кабель этаж* склад* огнем дерево кафе магазин*",
		lamp: "свет света фонар* ламп* плафон* кноп* слабо накал* лапоч* светильник* освещени* светофор* табло прожектор* индикатор* сигнал* кнопк* подсветк* экран* реклам* вывеск* красный красным зелен* " +
			"желт* диод* гирлянд* иллюминац* окна окно днем круглосуточно напрасно зря гидрант* побелк*",
		smoke:      "дым дыма дымом дымит дымится задымлен* smoke smoking",
		burntSmell: "гарью гари горелым горелой горелого паленым паленой паленого",
		indoors: "подъезд* парадн* квартир* этаж* подвал* чердак* чердач* лестниц* лестничн* лифт* мусоропровод* щиток щитк* щитов* электрощит* окон окна окно валит розетк* проводк* " +
			"stairwell stairs flat apartment basement building window hall",
		gasWord:  "газ газа газом газу газами gas",
		leakWord: "пахнет пахло запах запаха запахе воняет вонь утечк* шипит свистит травит тянет чувству* smell smells leak leaking",
		gasPipe:  "газов* газопровод*",
		broken:   "поврежден* сломан* сломал* пробит* пробил* снес* шипит перебил* оторвал* оторван*",
		exploded: "взрыв взрыва взорвал* взорвется взорвать explosion exploded",
		bomb:     "бомба бомбу бомбы граната гранату гранаты взрывчатк* взрывное bomb grenade",
		suspect:  "подозрительн* бесхозн* оставленн* нашли нашел нашла обнаруж* похоже похожий похожее муляж угрожает угрожают suspicious unattended",
		luggage:  "предмет сумка сумку рюкзак чемодан сверток bag package backpack",
		gunfire:  "стреляют стреляет стреляли стрелял стрельба стрельбу стрельбы выстрел выстрелы выстрелил shooting gunshot gunshots",
		armed:    "нож ножом ножами пистолет пистолетом ружье ружьем оружие оружием автоматом топором обрез обрезом knife gun",
		threaten: "угрожа* бегает размахива* напал* нападает кидается бросается бросился грозит* threatens threatening attacked attacking",
		killing:  "убить убью убийств* убьет убьют расправ* зарезать зарежет зарежу застрелить взорвать kill",
		assault:  "избивает избивают избили избивал* изнасилов* насилует напали напал похитил* похищен* грабят ограбили",
		person: "человек человека человеку человеком ребенком детьми людей люди людям людьми ребенок ребенка ребенку дети детей детям женщин* мужчин* мальчик* девочк* девушк* бабушк* дедушк* " +
			"прохож* пешеход* парень парня подросток подростк* старушк* пенсионер* мужик мужика дворник* рабочий школьник* коляск* мама маму сын сына дочь дочку жильц* жилец пассажир пассажира пассажиры " +
			"person people man woman child children kid kids girl boy someone somebody",
		senseless: "сознания сознание unconscious",
		dying:     "умирает умирают задыхается задыхаются задыхаемся истекает замерзает dying bleeding suffocating",
		drown:     "тонет тонут утонул утонула утопающ* drowning",
		hurt:      "ранен ранена ранены ранило травмирован травмирована травмированы пострадавш* раздавил* придавил* зажал* прищемил* сбил сбила сбили насмерть injured hurt wounded",
		fell:      "упал упала упало упали свалился свалилась провалился провалилась провалились fell",
		pit:       "люк люка люке люки колодец колодца колодце колодцы яма яму яме котлован* шахту шахта провал провале траншею траншея пит manhole pit",
		opened:    "открыт открыта открыты открытый открытая открытом открытого открытые открыто открытому крышки крышка крышку незакрыт* провалил* open uncovered missing cover",
		childish:  "ребенок ребенка дети детей детям детский детск* школ* садик* площадк* коляск* child children kids playground school",
		dark:      "ночью ночь темно темноте темное темнот* неосвещен* вечером dark night",
		collapsed: "обрушил* обрушива* обрушен* рухнул* рухнет рухнут обвалил* обвалива* обвалится обрушится обрушатся рассыпается collapsed collapsing",
		building: "балкон* крыш* кровл* стена стену стены стене потолок потолк* потолок перекрыти* дом дома дому фасад* козыр* лестниц* лестничн* мост моста мосту кран башня " +
			"труба эркер* карниз* колонн* забор* строени* здани* roof balcony wall ceiling building facade bridge",
		trifle:    "штукатурк* плитк* краск* побелк* шпаклевк* обои кусочк* бордюр* поребрик* плитка клумб* асфальт* цен* репутац* планы",
		sparks:    "искрит искрят искрится искрятся искры искрило искрение искрила искрил коротит замыкает замкнуло замыкание sparks sparking",
		wire:      "провод провода проводов проводами проводе проводу проводка проводку проводки кабель кабеля кабели кабелем лэп wire wires cable cables",
		torn:      "оборван* оборвал* обрыв порван* порвал* оторвал* перебит* упал упали упавш* валяется валяются torn fallen",
		current:   "током ток тока",
		live:      "напряжением напряжении оголен* оголил* неизолирован* высоковольт* лэп live bare exposed",
		shock:     "бьет ударило ударил ударила бьется шибает дергает дернуло шарахнуло убило shock shocks",
		network:   "интернет* телефон* антенн* провайдер* ростелеком* телевизион* кабельн* тв роутер* связи домофон*",
		gush:      "хлещет хлестала хлещут фонтаном фонтанирует прорвал* прорыв бьет gushing burst",
		hotWater:  "кипяток кипятком кипятка горяч* отоплен* теплотрасс* батаре* стояк* радиатор* пар паром hot boiling",
		waterWord: "вода воды водой воду трубу труба труб трубы трубопровод* водопровод* канализаци* стоки фекали* water pipe",
		electric:  "щит щиток щитк* щита щитов* электрощит* электрощитов* проводк* розетк* розеток электропровод* электрик* электриче* электрокабел* socket wiring electric electrical",
		flood:     "заливает залило затопил* затапливает топит льет льется течет хлещет капает попала попадает поступает затоплен* flooding flooded pouring leaking",
		icicle:    "сосульк* глыб* наледь наледи лед льда льдин* льдом снег снега ледян* сугроб icicle icicles ice snow",
		falling:   "упал упала упало упали падает падают падала падали сорвал* срывается срываются летит летят летела рухнул* обрушил* сошел сошла свалил* угодил* попал попала fell falling falls",
		stuckIn:   "застрял застряла застряли застряло застрявш* заперты заперло stuck trapped",
		liftWord:  "лифт лифта лифте лифту lift elevator",
		inside:    "внутри кабине помогите выпустите вызволите",
		notNow: "после случае случаев случай при избежание избежания чтобы чтоб бы если вдруг опасность опасности угроза угрозы угрозу угрозой риск возможен возможно возможна может могут можно мог могла могли ждете " +
			"дождетесь дожидаться пока против предотвра* безопасност* противо* давно раньше прошлом прошлый году года часто регулярно постоянно периодически всегда несколько боимся боюсь страшно " +
			"следы следов последствия последствий был была было были знак табло система системы системе оповещения датчик* сигнализац* случись приведет привести дай самопроизвольн* ждете станет станут чп заложат подложит возможн* грозит подозрение hazard risk if after might could",
		vehicle:  "машина машины машину машин машине автомобиль автомобили автомобиля авто колесо колесом колеса автобус грузовик двор дворы город район улица улицы парк газон дом дома грязи мусоре снегу car",
		thinIce:  "льдина льдине льдину",
		deathly:  "плохо сердц* инсульт инфаркт эпилепс* судорог*",
		without:  "без потерял потеряла",
		smell:    "пахнет запах воняет пахло smell smells",
		negated:  "не нет not no",
		ride:     "стало",
		tap:      "кран крана крану кранах душ душе температур* прохладн* теплая чуть еле",
		manhole:  "люк люка люке люки колодец колодца колодцы лючок manhole",
		fallers:  "люди дети пешеходы прохожие бабушки жители пожилые пенсионеры все",
		cordon:   "огражден* газона газоне вони вонь запаха духоты",
		firework: "петард* салют* фейерверк* хлопушк* замедленн* тир тире памятник* музе* стройк* выхлопн* труб котельн* трубы сигарет* табач* курят куря* курит курильщ* кальян* шашлык* мангал* костер* костры бан* печ* escape exit hydrant station alarm extinguisher lane truck engine",
	})
})

// dangerRule is a danger: a word of first, near it a word of each of with, and near
// it none of not; before it, none of before.
type dangerRule struct {
	kind   DangerKind
	call   Call
	first  class
	with   []class
	not    class
	before class
	just   class // none of it just before
	reach  int   // tokens between first and the others; 0: usualReach
}

// usualReach is how many words and marks may lie between the parts of a rule.
const usualReach = 5

// beforeReach is how far before the first word «в случае», «чтобы не» and
// the like take its danger away.
const beforeReach = 3

// rules are the dangers, the gravest first.
var rules = sync.OnceValue(func() []dangerRule {
	return []dangerRule{
		{kind: Fire, call: Firemen, first: fireNoun, before: notNow | negated, not: firework},
		{kind: Fire, call: Firemen, first: catchFire, before: notNow | negated, not: lamp},
		{kind: Fire, call: Firemen, first: burn, with: []class{burnable}, before: notNow | negated, not: lamp | firework, reach: 5},
		{kind: Fire, call: Firemen, first: smoke, with: []class{indoors}, before: notNow | negated, not: firework, reach: 4},
		{kind: Fire, call: Firemen, first: smell, with: []class{burntSmell, indoors}, before: notNow | negated, reach: 4},
		{kind: Gas, call: GasCrew, first: gasWord, with: []class{leakWord}, before: negated, reach: 4},
		{kind: Gas, call: GasCrew, first: gasPipe, with: []class{broken}, before: notNow, not: cordon, reach: 4},
		{kind: Explosion, call: Rescue, first: exploded, before: notNow | negated, not: firework | trifle},
		{kind: Explosion, call: Rescue, first: bomb, with: []class{suspect}, before: notNow | negated, not: firework, reach: 4},
		{kind: Explosion, call: Rescue, first: suspect, with: []class{luggage}, reach: 2},
		{kind: Weapon, call: Police, first: gunfire, before: notNow | negated, not: firework},
		{kind: Weapon, call: Police, first: threaten, with: []class{armed}, reach: 4},
		{kind: Weapon, call: Police, first: armed, with: []class{person}, not: trifle | building, reach: 3},
		{kind: Weapon, call: Police, first: threaten, with: []class{killing}, reach: 3},
		{kind: Weapon, call: Police, first: assault, with: []class{person}, before: notNow, reach: 3},
		{kind: Injury, call: Ambulance, first: senseless, with: []class{without}, reach: 2},
		{kind: Injury, call: Ambulance, first: dying, with: []class{person}, before: notNow, not: cordon, reach: 4},
		{kind: Injury, call: Rescue, first: drown, with: []class{person}, before: notNow, not: vehicle, reach: 3},
		{kind: Injury, call: Ambulance, first: hurt, with: []class{person}, before: notNow | negated, reach: 3},
		{kind: Injury, call: Ambulance, first: deathly, with: []class{ride, person}, reach: 3},
		{kind: Injury, call: Rescue, first: thinIce, with: []class{person}, reach: 4},
		{kind: Collapse, call: Rescue, first: collapsed, with: []class{building}, before: notNow, not: trifle, reach: 3},
		{kind: Wires, call: Rescue, first: sparks, with: []class{wire | electric | burnable | indoors}, before: notNow | negated, reach: 5},
		{kind: Wires, call: Rescue, first: torn, with: []class{wire}, not: network, before: notNow, reach: 2},
		{kind: Wires, call: Rescue, first: live, with: []class{wire}, not: network, reach: 4},
		{kind: Wires, call: Rescue, first: shock, with: []class{current}, before: notNow, reach: 2},
		{kind: Flooding, call: HouseCrew, first: gush, with: []class{hotWater}, not: tap, before: notNow, reach: 3},
		{kind: Flooding, call: HouseCrew, first: flood, with: []class{electric}, before: negated, reach: 4},
		{kind: Ice, call: Rescue, first: falling, with: []class{icicle, person}, before: notNow, just: fallers, reach: 5},
		{kind: Hole, call: Rescue, first: manhole, with: []class{opened, childish | dark}, reach: 8},
		{kind: Hole, call: Rescue, first: fell, with: []class{pit, person}, before: notNow, not: vehicle, reach: 4},
		{kind: Lift, call: HouseCrew, first: stuckIn, with: []class{liftWord, person | inside}, before: notNow, reach: 5},
	}
})

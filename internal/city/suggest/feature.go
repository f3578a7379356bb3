package suggest

import "math"

// fill writes the features of a candidate that come of the linear parts and of
// earlier messages.
func (e *evidence) fill(f []float32, t *branches, c int, text, joint []float32, words int) {
	o, v := t.object[c], &e.voices[c]
	best := text[e.order[0]]
	f[fText], f[fTextGap], f[fTextRank], f[fTextBest] = text[c], text[c]-best, float32(rankOf(text, c)), best
	f[fObject] = logOf(e.object.text[o] + 1e-9)
	f[fInObject] = text[c] - f[fObject]
	f[fJoint], f[fJointGap], f[fJointRank] = joint[c], joint[c]-joint[e.byJoint[0]], float32(rankOf(joint, c))
	f[fJointObject] = logOf(e.object.joint[o] + 1e-9)
	f[fCategory] = logOf(e.category[t.category[c]] + 1e-9)
	f[fInCategory] = joint[c] - f[fCategory]

	f[fMineShare], f[fMineCount] = v.count/(e.mine+1), v.count
	f[fMineFast], f[fMineSlow] = v.fast/(e.sum.fast+0.3), v.slow/(e.sum.slow+0.3)
	f[fMineHours], f[fMinePlace] = v.hours, v.place
	f[fMineLike], f[fMineVote] = v.like, v.vote/(e.sum.vote+0.05)
	f[fMineCell] = v.here / (e.sum.here + 0.5)
	f[fMineSession] = v.session / (e.sum.session + 0.5)
	f[fMineObject] = float32(e.object.mine[o]) / (e.sum.slow + 0.3)
	f[fMineFar] = v.around / (e.sum.around + 0.5)
	f[fMine], f[fMineBest], f[fMinePure], f[fMineMinutes] = e.mine, e.sum.like, e.pure, e.recent

	f[fSpotShare], f[fNearShare] = v.spot/(e.sum.spot+1), v.near/(e.sum.near+1)
	f[fSpotLike], f[fSpotVote] = v.spotLike, v.spotVote/(e.sum.spotVote+0.05)
	f[fSpotDays], f[fSpots] = v.spotDays, e.sum.spot
	f[fSpotObject] = float32(e.object.spot[o]) / (e.sum.spot + 0.5)

	f[fFarLike], f[fFarVote] = v.farLike, v.farVote/(e.sum.farVote+0.05)
	f[fArchiveLike], f[fArchiveVote], f[fArchiveBest] = v.archiveLike, v.archiveVote/(e.sum.archiveVote+0.05), e.best
	f[fWords] = float32(words)
	e.fillMore(f, t, c, text, joint)
}

func (e *evidence) fillMore(f []float32, t *branches, c int, text, joint []float32) {
	v := &e.voices[c]
	f[fInJointObject], f[fContext] = joint[c]-f[fJointObject], joint[c]-text[c]
	f[fEntropy] = e.entropy
	f[fSecond] = joint[e.byJoint[min(1, len(e.byJoint)-1)]] - joint[e.byJoint[0]]
	f[fObjectNo] = float32(t.object[c])
	f[fOwnObject], f[fOwnCategory] = e.own.object[t.object[c]], e.own.category[t.category[c]]
	f[fOwnMix] = f[fInJointObject] + (f[fJointObject]+f[fOwnObject])/2
	f[fMineVoteFast] = v.voteFast / (e.sum.voteFast + 0.1)
	f[fArchiveRecent] = v.archiveRecent / (e.sum.archiveRecent + 0.05)
	f[fArchiveNear] = v.archiveNear / (e.sum.archiveNear + 0.02)
	f[fArchiveFinal] = v.archiveFinal / (e.sum.archiveFinal + 0.1)
	f[fLastLike], f[fLastFar], f[fLastTime] = -1, none, none
	if e.last.class >= 0 {
		f[fLastLike], f[fLastFar] = e.last.like, float32(math.Log1p(float64(e.last.near)))
		f[fLastTime] = float32(math.Log1p(float64(e.last.ago) / 60))
		if int(e.last.class) == c {
			f[fLastSame] = 1
		}
	}
}

// surroundings are the tallies that speak of one message.
type surroundings struct {
	far, close, area, district, hours *tally
}

// find looks the tallies of a message up, and sums their objects.
func (e *evidence) find(k *counts, w *where) surroundings {
	var s surroundings
	e.object.far = cleared(e.object.far, k.tree.objects)
	e.object.close = cleared(e.object.close, k.tree.objects)
	if w.placed {
		if s.far = k.far[w.spot.far()]; s.far != nil {
			s.far.objects(k.tree, e.object.far)
		}
		if s.close = k.close[w.spot.close()]; s.close != nil {
			s.close.objects(k.tree, e.object.close)
		}
	}
	if w.area != 0 {
		s.area = k.area[w.area]
	}
	if w.district != 0 {
		s.district = k.inDay[w.district]
	}
	if w.timed {
		s.hours = &k.hours[hourOf(w.at)]
	}
	return s
}

// count writes the features of a candidate that come of counts.
func (e *evidence) count(f []float32, k *counts, confused *steps, s *surroundings, c int) {
	o, prior := k.tree.object[c], k.prior(c)
	f[fPrior] = float32(math.Log(prior))
	f[fWeekRatio] = k.recent.ratio(c, prior, 5)
	f[fDayRatio] = k.day.ratio(c, prior, 20)
	if last := e.last.class; last >= 0 {
		n := k.followed.from[int16(last)]
		f[fFollow] = logOf((k.followed.to[pair{int16(last), int16(c)}] + 10*prior) / (n + 10) / prior)
	}
	first := int16(e.byJoint[0])
	f[fConfused] = logOf((confused.to[pair{first, int16(c)}] + 3*prior) / (confused.from[first] + 3))
	if s.far != nil {
		f[fFarObject] = float32(e.object.far[o] / (s.far.n + 2))
		f[fFarRatio] = s.far.ratio(c, prior, 10)
	}
	if s.close != nil {
		f[fNearObject] = float32(e.object.close[o] / (s.close.n + 1))
		f[fNearRatio] = s.close.ratio(c, prior, 5)
	}
	if s.area != nil {
		f[fAreaRatio] = s.area.ratio(c, prior, 20)
	}
	if s.district != nil {
		f[fDistrictDay] = s.district.ratio(c, prior, 10)
	}
	if s.hours != nil {
		f[fHourRatio] = s.hours.ratio(c, prior, 20)
	}
}

package suggest

import (
	"encoding/binary"
)

// The format of a net, after the byte 1 (0: there is none), little endian:
//
//	share
//	rows, rows × (distance of its bucket to the one before, scale, vector)
//	filters, level, out, bias
//	frequent words, each: (hash, scale, vector), by hash
//
// The number of topics is the model's.

// append writes the net; a nil one too.
func (n *net) append(b []byte) []byte {
	if n == nil {
		return append(b, 0)
	}
	b = appendFloat(append(b, 1), n.share)
	b = binary.AppendUvarint(b, uint64(len(n.scale)))
	last, r := -1, 0
	for id := range n.known.all {
		b = binary.AppendUvarint(b, uint64(id-last-1))
		b = appendVector(b, n.scale[r], n.vectors[r*netDim:(r+1)*netDim])
		last, r = id, r+1
	}
	for _, list := range [][]float32{n.filters, n.level, n.out, n.bias} {
		for _, v := range list {
			b = appendFloat(b, v)
		}
	}
	b = binary.AppendUvarint(b, uint64(len(n.hashes)))
	for i, h := range n.hashes {
		b = binary.LittleEndian.AppendUint64(b, h)
		b = appendVector(b, n.voiceScale[i], n.voices[i*netDim:(i+1)*netDim])
	}
	return b
}

func appendVector(b []byte, scale float32, vector []int8) []byte {
	b = appendFloat(b, scale)
	for _, v := range vector {
		b = append(b, byte(v))
	}
	return b
}

// net reads what append wrote, of a model of so many topics.
func (r *reader) net(classes int) *net {
	if r.number(2) == 0 || r.bad {
		return nil
	}
	n := &net{classes: classes, share: r.float(), known: newRank(2 * buckets)}
	rows := r.number(min(2*buckets, len(r.rest)/netDim) + 1)
	n.scale, n.vectors = make([]float32, rows), make([]int8, rows*netDim)
	last := -1
	for i := 0; i < rows && !r.bad; i++ {
		last += 1 + r.number(2*buckets-last-1)
		n.scale[i] = r.vector(n.vectors[i*netDim : (i+1)*netDim])
		if !r.bad {
			n.known.add(last)
		}
	}
	n.filters, n.level = r.floats(netDim*netRow), r.floats(netHeard)
	n.out, n.bias = r.floats(netPooled*classes), r.floats(classes)
	r.common(n)
	if r.bad {
		return nil
	}
	n.prepare()
	return n
}

// common reads the frequent words.
func (r *reader) common(n *net) {
	words := r.number(min(netCommon, len(r.rest)/netDim) + 1)
	n.hashes, n.voiceScale, n.voices = make([]uint64, words), make([]float32, words), make([]int8, words*netDim)
	for i := 0; i < words && !r.bad; i++ {
		n.hashes[i] = binary.LittleEndian.Uint64(r.take(8))
		r.bad = r.bad || i > 0 && n.hashes[i] <= n.hashes[i-1]
		n.voiceScale[i] = r.vector(n.voices[i*netDim : (i+1)*netDim])
	}
}

func (r *reader) floats(n int) []float32 {
	if r.bad || len(r.rest) < 4*n {
		r.bad = true
		return nil
	}
	list := make([]float32, n)
	for i := range list {
		list[i] = r.float()
	}
	return list
}

func (r *reader) vector(to []int8) (scale float32) {
	scale = r.float()
	for i, v := range r.take(len(to)) {
		to[i] = int8(v)
	}
	return scale
}

#include "textflag.h"

// func addFourSSE(sums, a, b, c, d *float32, by *[4]float32, n int)
// n is a multiple of 4.
TEXT ·addFourSSE(SB), NOSPLIT, $0-56
	MOVQ sums+0(FP), DI
	MOVQ a+8(FP), R8
	MOVQ b+16(FP), R9
	MOVQ c+24(FP), R10
	MOVQ d+32(FP), R11
	MOVQ by+40(FP), SI
	MOVQ n+48(FP), CX
	MOVSS 0(SI), X0
	SHUFPS $0, X0, X0
	MOVSS 4(SI), X1
	SHUFPS $0, X1, X1
	MOVSS 8(SI), X2
	SHUFPS $0, X2, X2
	MOVSS 12(SI), X3
	SHUFPS $0, X3, X3
	XORQ AX, AX
four:
	CMPQ AX, CX
	JGE  done
	MOVUPS (R8)(AX*4), X4
	MULPS  X0, X4
	MOVUPS (R9)(AX*4), X5
	MULPS  X1, X5
	ADDPS  X5, X4
	MOVUPS (R10)(AX*4), X6
	MULPS  X2, X6
	MOVUPS (R11)(AX*4), X7
	MULPS  X3, X7
	ADDPS  X7, X6
	ADDPS  X6, X4
	MOVUPS (DI)(AX*4), X8
	ADDPS  X4, X8
	MOVUPS X8, (DI)(AX*4)
	ADDQ $4, AX
	JMP  four
done:
	RET

// func addScaledSSE(sums, a *float32, x float32, n int)
// n is a multiple of 4.
TEXT ·addScaledSSE(SB), NOSPLIT, $0-32
	MOVQ  sums+0(FP), DI
	MOVQ  a+8(FP), R8
	MOVSS x+16(FP), X0
	SHUFPS $0, X0, X0
	MOVQ  n+24(FP), CX
	XORQ  AX, AX
one:
	CMPQ AX, CX
	JGE  end
	MOVUPS (R8)(AX*4), X4
	MULPS  X0, X4
	MOVUPS (DI)(AX*4), X8
	ADDPS  X4, X8
	MOVUPS X8, (DI)(AX*4)
	ADDQ $4, AX
	JMP  one
end:
	RET

// func addFourAVX(sums, a, b, c, d *float32, by *[4]float32, n int)
// n is a multiple of 8, not nought.
TEXT ·addFourAVX(SB), NOSPLIT, $0-56
	MOVQ sums+0(FP), DI
	MOVQ a+8(FP), R8
	MOVQ b+16(FP), R9
	MOVQ c+24(FP), R10
	MOVQ d+32(FP), R11
	MOVQ by+40(FP), SI
	MOVQ n+48(FP), CX
	VBROADCASTSS 0(SI), Y0
	VBROADCASTSS 4(SI), Y1
	VBROADCASTSS 8(SI), Y2
	VBROADCASTSS 12(SI), Y3
	XORQ AX, AX
eight:
	VMULPS (R8)(AX*4), Y0, Y4
	VMULPS (R9)(AX*4), Y1, Y5
	VMULPS (R10)(AX*4), Y2, Y6
	VMULPS (R11)(AX*4), Y3, Y7
	VADDPS Y5, Y4, Y4
	VADDPS Y7, Y6, Y6
	VADDPS Y6, Y4, Y4
	VADDPS (DI)(AX*4), Y4, Y4
	VMOVUPS Y4, (DI)(AX*4)
	ADDQ $8, AX
	CMPQ AX, CX
	JLT  eight
	VZEROUPPER
	RET

// func addScaledAVX(sums, a *float32, x float32, n int)
// n is a multiple of 8, not nought.
TEXT ·addScaledAVX(SB), NOSPLIT, $0-32
	MOVQ sums+0(FP), DI
	MOVQ a+8(FP), R8
	VBROADCASTSS x+16(FP), Y0
	MOVQ n+24(FP), CX
	XORQ AX, AX
scale:
	VMULPS (R8)(AX*4), Y0, Y4
	VADDPS (DI)(AX*4), Y4, Y4
	VMOVUPS Y4, (DI)(AX*4)
	ADDQ $8, AX
	CMPQ AX, CX
	JLT  scale
	VZEROUPPER
	RET

// func adamAVX(w, mean, square, slope *float32, p *pace, n int)
// n is a multiple of 8, not nought.
TEXT ·adamAVX(SB), NOSPLIT, $0-48
	MOVQ w+0(FP), DI
	MOVQ mean+8(FP), R8
	MOVQ square+16(FP), R9
	MOVQ slope+24(FP), R10
	MOVQ p+32(FP), SI
	MOVQ n+40(FP), CX
	VBROADCASTSS 0(SI), Y0
	VBROADCASTSS 4(SI), Y1
	VBROADCASTSS 8(SI), Y2
	VBROADCASTSS 12(SI), Y3
	XORQ AX, AX
move:
	VMOVUPS (R10)(AX*4), Y4
	VMOVUPS (R8)(AX*4), Y5
	VSUBPS  Y5, Y4, Y6
	VMULPS  Y0, Y6, Y6
	VADDPS  Y6, Y5, Y5
	VMOVUPS Y5, (R8)(AX*4)
	VMULPS  Y4, Y4, Y4
	VMOVUPS (R9)(AX*4), Y7
	VSUBPS  Y7, Y4, Y4
	VMULPS  Y1, Y4, Y4
	VADDPS  Y4, Y7, Y7
	VMOVUPS Y7, (R9)(AX*4)
	VSQRTPS Y7, Y7
	VADDPS  Y3, Y7, Y7
	VMULPS  Y2, Y5, Y5
	VDIVPS  Y7, Y5, Y5
	VMOVUPS (DI)(AX*4), Y6
	VSUBPS  Y5, Y6, Y6
	VMOVUPS Y6, (DI)(AX*4)
	ADDQ $8, AX
	CMPQ AX, CX
	JLT  move
	VZEROUPPER
	RET

// func louderAVX(loudest *float32, where *int32, sum *float32, start int32, n int)
// n is a multiple of 8, not nought.
TEXT ·louderAVX(SB), NOSPLIT, $0-40
	MOVQ loudest+0(FP), DI
	MOVQ where+8(FP), R8
	MOVQ sum+16(FP), R9
	VBROADCASTSS start+24(FP), Y0
	MOVQ n+32(FP), CX
	XORQ AX, AX
hear:
	VMOVUPS (R9)(AX*4), Y1
	VMOVUPS (DI)(AX*4), Y2
	VCMPPS  $14, Y2, Y1, Y3
	VMAXPS  Y2, Y1, Y2
	VMOVUPS Y2, (DI)(AX*4)
	VMOVUPS (R8)(AX*4), Y4
	VBLENDVPS Y3, Y0, Y4, Y4
	VMOVUPS Y4, (R8)(AX*4)
	ADDQ $8, AX
	CMPQ AX, CX
	JLT  hear
	VZEROUPPER
	RET

// func followAVX(w, mean, slope *float32, near, by float32, n int)
// n is a multiple of 8, not nought.
TEXT ·followAVX(SB), NOSPLIT, $0-40
	MOVQ w+0(FP), DI
	MOVQ mean+8(FP), R8
	MOVQ slope+16(FP), R9
	VBROADCASTSS near+24(FP), Y0
	VBROADCASTSS by+28(FP), Y1
	MOVQ n+32(FP), CX
	XORQ AX, AX
go:
	VMOVUPS (R8)(AX*4), Y2
	VMOVUPS (R9)(AX*4), Y3
	VSUBPS  Y2, Y3, Y3
	VMULPS  Y0, Y3, Y3
	VADDPS  Y3, Y2, Y2
	VMOVUPS Y2, (R8)(AX*4)
	VMULPS  Y1, Y2, Y2
	VMOVUPS (DI)(AX*4), Y4
	VSUBPS  Y2, Y4, Y4
	VMOVUPS Y4, (DI)(AX*4)
	ADDQ $8, AX
	CMPQ AX, CX
	JLT  go
	VZEROUPPER
	RET

// func awaitSSE(list *float32, n int)
TEXT ·awaitSSE(SB), NOSPLIT, $0-16
	MOVQ list+0(FP), DI
	MOVQ n+8(FP), CX
	LEAQ (DI)(CX*4), CX
line:
	PREFETCHT0 (DI)
	ADDQ $64, DI
	CMPQ DI, CX
	JLT  line
	RET

/* SPDX-License-Identifier: MIT */
/*
 * Encoding of 128-bit and scalar vector instructions, VEX and EVEX (Intel SDM vol. 2, 2.3 and 2.7).
 *
 * One table row an instruction.  VEX is used whenever it can be (shorter); EVEX when a register is 16..31 or
 * the instruction exists only there.  A row that has no EVEX form takes registers 0..15 only (checked):
 * callers ask enc_v_low first and have another way for the high ones.  Nothing here knows about operations of
 * the IR.
 *
 * Columns:
 *  - text, EVEX text (0: the same), map (1 0F, 2 0F38, 3 0F3A), pp (1 66, 2 F3, 3 F2), opcode, /digit
 *  - W: 0, 1, or 2 (1 in EVEX, ignored in VEX)
 *  - form: B both, C both and commutative (operands may be swapped), V only VEX, E only EVEX
 *  - bytes of a memory operand (the scale of EVEX's short displacements)
 *  - operands, in assembler order: x xmm, M xmm or memory, g general register (W: 32 or 64 bits), k mask
 *    register, i immediate, s xmm in the immediate.  Places: "xxM" reg vvvv rm, "xM" reg rm, "Mx" rm reg,
 *    "Xxi" vvvv rm imm (shifts).
 */
#ifndef DBT_X86_ENC_VEC_H
#define DBT_X86_ENC_VEC_H

#include "dbt/x86/enc.h"

/* clang-format off */
#define ENC_VEC_OPS(X) \
  /* moves */ \
  X(MOVAPS,   "vmovaps",   0,  1, 0, 0x28, 0, 0, 'B', 16, "xM") \
  X(MOVAPD,   "vmovapd",   0,  1, 1, 0x28, 0, 2, 'B', 16, "xM") \
  X(MOVQ,     "vmovq",     0,  1, 2, 0x7e, 0, 2, 'B',  8, "xM") /* zero above */ \
  X(MOVDDUP,  "vmovddup",  0,  1, 3, 0x12, 0, 2, 'B',  8, "xM") \
  X(INSERTPS, "vinsertps", 0,  3, 1, 0x21, 0, 0, 'B',  4, "xxMi") \
  X(PINSRB,   "vpinsrb",   0,  3, 1, 0x20, 0, 0, 'B',  1, "xxgi") \
  X(PINSRW,   "vpinsrw",   0,  1, 1, 0xc4, 0, 0, 'B',  2, "xxgi") \
  X(PINSRD,   "vpinsrd",   0,  3, 1, 0x22, 0, 0, 'B',  4, "xxgi") \
  X(PINSRQ,   "vpinsrq",   0,  3, 1, 0x22, 0, 1, 'B',  8, "xxgi") \
  X(PEXTRB,   "vpextrb",   0,  3, 1, 0x14, 0, 0, 'B',  1, "Gxi") \
  X(PEXTRW,   "vpextrw",   0,  3, 1, 0x15, 0, 0, 'B',  2, "Gxi") \
  X(PEXTRD,   "vpextrd",   0,  3, 1, 0x16, 0, 0, 'B',  4, "Gxi") \
  X(PEXTRQ,   "vpextrq",   0,  3, 1, 0x16, 0, 1, 'B',  8, "Gxi") \
  X(BCASTB,   "vpbroadcastb", 0, 2, 1, 0x78, 0, 0, 'B', 1, "xM") \
  X(BCASTW,   "vpbroadcastw", 0, 2, 1, 0x79, 0, 0, 'B', 2, "xM") \
  X(BCASTD,   "vpbroadcastd", 0, 2, 1, 0x58, 0, 0, 'B', 4, "xM") \
  X(BCASTQ,   "vpbroadcastq", 0, 2, 1, 0x59, 0, 2, 'B', 8, "xM") \
  X(BCASTB_G, "vpbroadcastb", 0, 2, 1, 0x7a, 0, 0, 'E', 1, "xg") \
  X(BCASTW_G, "vpbroadcastw", 0, 2, 1, 0x7b, 0, 0, 'E', 2, "xg") \
  X(BCASTD_G, "vpbroadcastd", 0, 2, 1, 0x7c, 0, 0, 'E', 4, "xg") \
  X(BCASTQ_G, "vpbroadcastq", 0, 2, 1, 0x7c, 0, 1, 'E', 8, "xg") \
  /* bits */ \
  X(PAND,  "vpand",  "vpandd",  1, 1, 0xdb, 0, 0, 'C', 16, "xxM") \
  X(PANDN, "vpandn", "vpandnd", 1, 1, 0xdf, 0, 0, 'B', 16, "xxM") \
  X(POR,   "vpor",   "vpord",   1, 1, 0xeb, 0, 0, 'C', 16, "xxM") \
  X(PXOR,  "vpxor",  "vpxord",  1, 1, 0xef, 0, 0, 'C', 16, "xxM") \
  X(ANDPS,  "vandps",  0, 1, 0, 0x54, 0, 0, 'C', 16, "xxM") \
  X(ORPS,   "vorps",   0, 1, 0, 0x56, 0, 0, 'C', 16, "xxM") \
  X(ORPD,    "vorpd",    0, 1, 1, 0x56, 0, 2, 'C', 16, "xxM") \
  X(ANDNPS, "vandnps", 0, 1, 0, 0x55, 0, 0, 'B', 16, "xxM") \
  X(XORPS,  "vxorps",  0, 1, 0, 0x57, 0, 0, 'C', 16, "xxM") \
  X(XORPD,  "vxorpd",  0, 1, 1, 0x57, 0, 2, 'C', 16, "xxM") \
  X(TERNLOG, "vpternlogd", 0, 3, 1, 0x25, 0, 0, 'E', 16, "xxMi") \
  X(PBLENDVB, "vpblendvb", 0, 3, 1, 0x4c, 0, 0, 'V', 16, "xxMs") \
  X(PBLENDD, "vpblendd", 0, 3, 1, 0x02, 0, 0, 'V', 16, "xxMi") \
  X(BLENDVPS, "vblendvps", 0, 3, 1, 0x4a, 0, 0, 'V', 16, "xxMs") \
  X(BLENDVPD, "vblendvpd", 0, 3, 1, 0x4b, 0, 0, 'V', 16, "xxMs") \
  X(PTEST,  "vptest", 0, 2, 1, 0x17, 0, 0, 'V', 16, "xM") \
  /* integer arithmetic */ \
  X(PADDB, "vpaddb", 0, 1, 1, 0xfc, 0, 0, 'C', 16, "xxM") \
  X(PADDW, "vpaddw", 0, 1, 1, 0xfd, 0, 0, 'C', 16, "xxM") \
  X(PADDD, "vpaddd", 0, 1, 1, 0xfe, 0, 0, 'C', 16, "xxM") \
  X(PADDQ, "vpaddq", 0, 1, 1, 0xd4, 0, 2, 'C', 16, "xxM") \
  X(PSUBB, "vpsubb", 0, 1, 1, 0xf8, 0, 0, 'B', 16, "xxM") \
  X(PSUBW, "vpsubw", 0, 1, 1, 0xf9, 0, 0, 'B', 16, "xxM") \
  X(PSUBD, "vpsubd", 0, 1, 1, 0xfa, 0, 0, 'B', 16, "xxM") \
  X(PSUBQ, "vpsubq", 0, 1, 1, 0xfb, 0, 2, 'B', 16, "xxM") \
  X(PMULLW, "vpmullw", 0, 1, 1, 0xd5, 0, 0, 'C', 16, "xxM") \
  X(PMULHW, "vpmulhw", 0, 1, 1, 0xe5, 0, 0, 'C', 16, "xxM") \
  X(PMULHUW, "vpmulhuw", 0, 1, 1, 0xe4, 0, 0, 'C', 16, "xxM") \
  X(PMADDWD, "vpmaddwd", 0, 1, 1, 0xf5, 0, 0, 'C', 16, "xxM") \
  X(PMULLD, "vpmulld", 0, 2, 1, 0x40, 0, 0, 'B', 16, "xxM") \
  X(PMULLQ, "vpmullq", 0, 2, 1, 0x40, 0, 1, 'E', 16, "xxM") \
  X(PMULUDQ, "vpmuludq", 0, 1, 1, 0xf4, 0, 2, 'C', 16, "xxM") \
  X(PMULDQ, "vpmuldq", 0, 2, 1, 0x28, 0, 2, 'B', 16, "xxM") \
  X(PADDSB, "vpaddsb", 0, 1, 1, 0xec, 0, 0, 'C', 16, "xxM") \
  X(PADDSW, "vpaddsw", 0, 1, 1, 0xed, 0, 0, 'C', 16, "xxM") \
  X(PADDUSB, "vpaddusb", 0, 1, 1, 0xdc, 0, 0, 'C', 16, "xxM") \
  X(PADDUSW, "vpaddusw", 0, 1, 1, 0xdd, 0, 0, 'C', 16, "xxM") \
  X(PSUBSB, "vpsubsb", 0, 1, 1, 0xe8, 0, 0, 'B', 16, "xxM") \
  X(PSUBSW, "vpsubsw", 0, 1, 1, 0xe9, 0, 0, 'B', 16, "xxM") \
  X(PSUBUSB, "vpsubusb", 0, 1, 1, 0xd8, 0, 0, 'B', 16, "xxM") \
  X(PSUBUSW, "vpsubusw", 0, 1, 1, 0xd9, 0, 0, 'B', 16, "xxM") \
  X(PAVGB, "vpavgb", 0, 1, 1, 0xe0, 0, 0, 'C', 16, "xxM") \
  X(PAVGW, "vpavgw", 0, 1, 1, 0xe3, 0, 0, 'C', 16, "xxM") \
  X(PSADBW, "vpsadbw", 0, 1, 1, 0xf6, 0, 0, 'C', 16, "xxM") \
  X(PMINUB, "vpminub", 0, 1, 1, 0xda, 0, 0, 'C', 16, "xxM") \
  X(PMAXUB, "vpmaxub", 0, 1, 1, 0xde, 0, 0, 'C', 16, "xxM") \
  X(PMINSW, "vpminsw", 0, 1, 1, 0xea, 0, 0, 'C', 16, "xxM") \
  X(PMAXSW, "vpmaxsw", 0, 1, 1, 0xee, 0, 0, 'C', 16, "xxM") \
  X(PMINSB, "vpminsb", 0, 2, 1, 0x38, 0, 0, 'B', 16, "xxM") \
  X(PMINSD, "vpminsd", 0, 2, 1, 0x39, 0, 0, 'B', 16, "xxM") \
  X(PMINSQ, "vpminsq", 0, 2, 1, 0x39, 0, 1, 'E', 16, "xxM") \
  X(PMINUW, "vpminuw", 0, 2, 1, 0x3a, 0, 0, 'B', 16, "xxM") \
  X(PMINUD, "vpminud", 0, 2, 1, 0x3b, 0, 0, 'B', 16, "xxM") \
  X(PMINUQ, "vpminuq", 0, 2, 1, 0x3b, 0, 1, 'E', 16, "xxM") \
  X(PMAXSB, "vpmaxsb", 0, 2, 1, 0x3c, 0, 0, 'B', 16, "xxM") \
  X(PMAXSD, "vpmaxsd", 0, 2, 1, 0x3d, 0, 0, 'B', 16, "xxM") \
  X(PMAXSQ, "vpmaxsq", 0, 2, 1, 0x3d, 0, 1, 'E', 16, "xxM") \
  X(PMAXUW, "vpmaxuw", 0, 2, 1, 0x3e, 0, 0, 'B', 16, "xxM") \
  X(PMAXUD, "vpmaxud", 0, 2, 1, 0x3f, 0, 0, 'B', 16, "xxM") \
  X(PMAXUQ, "vpmaxuq", 0, 2, 1, 0x3f, 0, 1, 'E', 16, "xxM") \
  X(PABSB, "vpabsb", 0, 2, 1, 0x1c, 0, 0, 'B', 16, "xM") \
  X(PABSW, "vpabsw", 0, 2, 1, 0x1d, 0, 0, 'B', 16, "xM") \
  X(PABSD, "vpabsd", 0, 2, 1, 0x1e, 0, 0, 'B', 16, "xM") \
  X(PABSQ, "vpabsq", 0, 2, 1, 0x1f, 0, 1, 'E', 16, "xM") \
  X(PLZCNTD, "vplzcntd", 0, 2, 1, 0x44, 0, 0, 'E', 16, "xM") \
  X(PLZCNTQ, "vplzcntq", 0, 2, 1, 0x44, 0, 1, 'E', 16, "xM") \
  /* integer comparisons */ \
  X(PCMPEQB, "vpcmpeqb", 0, 1, 1, 0x74, 0, 0, 'V', 16, "xxM") \
  X(PCMPEQW, "vpcmpeqw", 0, 1, 1, 0x75, 0, 0, 'V', 16, "xxM") \
  X(PCMPEQD, "vpcmpeqd", 0, 1, 1, 0x76, 0, 0, 'V', 16, "xxM") \
  X(PCMPEQQ, "vpcmpeqq", 0, 2, 1, 0x29, 0, 0, 'V', 16, "xxM") \
  X(PCMPGTB, "vpcmpgtb", 0, 1, 1, 0x64, 0, 0, 'V', 16, "xxM") \
  X(PCMPGTW, "vpcmpgtw", 0, 1, 1, 0x65, 0, 0, 'V', 16, "xxM") \
  X(PCMPGTD, "vpcmpgtd", 0, 1, 1, 0x66, 0, 0, 'V', 16, "xxM") \
  X(PCMPGTQ, "vpcmpgtq", 0, 2, 1, 0x37, 0, 0, 'V', 16, "xxM") \
  X(K_PCMPB,  "vpcmpb",  0, 3, 1, 0x3f, 0, 0, 'E', 16, "kxMi") \
  X(K_PCMPW,  "vpcmpw",  0, 3, 1, 0x3f, 0, 1, 'E', 16, "kxMi") \
  X(K_PCMPD,  "vpcmpd",  0, 3, 1, 0x1f, 0, 0, 'E', 16, "kxMi") \
  X(K_PCMPQ,  "vpcmpq",  0, 3, 1, 0x1f, 0, 1, 'E', 16, "kxMi") \
  X(K_PCMPUB, "vpcmpub", 0, 3, 1, 0x3e, 0, 0, 'E', 16, "kxMi") \
  X(K_PCMPUW, "vpcmpuw", 0, 3, 1, 0x3e, 0, 1, 'E', 16, "kxMi") \
  X(K_PCMPUD, "vpcmpud", 0, 3, 1, 0x1e, 0, 0, 'E', 16, "kxMi") \
  X(K_PCMPUQ, "vpcmpuq", 0, 3, 1, 0x1e, 0, 1, 'E', 16, "kxMi") \
  X(K_PTESTMB, "vptestmb", 0, 2, 1, 0x26, 0, 0, 'E', 16, "kxM") \
  X(K_PTESTMW, "vptestmw", 0, 2, 1, 0x26, 0, 1, 'E', 16, "kxM") \
  X(K_PTESTMD, "vptestmd", 0, 2, 1, 0x27, 0, 0, 'E', 16, "kxM") \
  X(K_PTESTMQ, "vptestmq", 0, 2, 1, 0x27, 0, 1, 'E', 16, "kxM") \
  X(K_PTESTNMD, "vptestnmd", 0, 2, 2, 0x27, 0, 0, 'E', 16, "kxM") \
  X(K_PTESTNMQ, "vptestnmq", 0, 2, 2, 0x27, 0, 1, 'E', 16, "kxM") \
  X(PMOVM2B, "vpmovm2b", 0, 2, 2, 0x28, 0, 0, 'E', 16, "xk") \
  X(PMOVM2W, "vpmovm2w", 0, 2, 2, 0x28, 0, 1, 'E', 16, "xk") \
  X(PMOVM2D, "vpmovm2d", 0, 2, 2, 0x38, 0, 0, 'E', 16, "xk") \
  X(PMOVM2Q, "vpmovm2q", 0, 2, 2, 0x38, 0, 1, 'E', 16, "xk") \
  X(KORTESTB, "kortestb", 0, 1, 1, 0x98, 0, 0, 'V', 0, "kk") \
  /* shifts */ \
  X(PSRLW, "vpsrlw", 0, 1, 1, 0x71, 2, 0, 'B', 16, "Xxi") \
  X(PSRAW, "vpsraw", 0, 1, 1, 0x71, 4, 0, 'B', 16, "Xxi") \
  X(PSLLW, "vpsllw", 0, 1, 1, 0x71, 6, 0, 'B', 16, "Xxi") \
  X(PSRLD, "vpsrld", 0, 1, 1, 0x72, 2, 0, 'B', 16, "Xxi") \
  X(PSRAD, "vpsrad", 0, 1, 1, 0x72, 4, 0, 'B', 16, "Xxi") \
  X(PSLLD, "vpslld", 0, 1, 1, 0x72, 6, 0, 'B', 16, "Xxi") \
  X(PSRAQ, "vpsraq", 0, 1, 1, 0x72, 4, 1, 'E', 16, "Xxi") \
  X(PSRLQ, "vpsrlq", 0, 1, 1, 0x73, 2, 2, 'B', 16, "Xxi") \
  X(PSLLQ, "vpsllq", 0, 1, 1, 0x73, 6, 2, 'B', 16, "Xxi") \
  X(PSRLDQ, "vpsrldq", 0, 1, 1, 0x73, 3, 0, 'B', 16, "Xxi") \
  X(PSLLDQ, "vpslldq", 0, 1, 1, 0x73, 7, 0, 'B', 16, "Xxi") \
  X(PSLLVW, "vpsllvw", 0, 2, 1, 0x12, 0, 1, 'E', 16, "xxM") \
  X(PSRLVW, "vpsrlvw", 0, 2, 1, 0x10, 0, 1, 'E', 16, "xxM") \
  X(PSRAVW, "vpsravw", 0, 2, 1, 0x11, 0, 1, 'E', 16, "xxM") \
  X(PSLLVD, "vpsllvd", 0, 2, 1, 0x47, 0, 0, 'B', 16, "xxM") \
  X(PSRLVD, "vpsrlvd", 0, 2, 1, 0x45, 0, 0, 'B', 16, "xxM") \
  X(PSRAVD, "vpsravd", 0, 2, 1, 0x46, 0, 0, 'B', 16, "xxM") \
  X(PSLLVQ, "vpsllvq", 0, 2, 1, 0x47, 0, 1, 'B', 16, "xxM") \
  X(PSRLVQ, "vpsrlvq", 0, 2, 1, 0x45, 0, 1, 'B', 16, "xxM") \
  X(PSRAVQ, "vpsravq", 0, 2, 1, 0x46, 0, 1, 'E', 16, "xxM") \
  X(PROLD, "vprold", 0, 1, 1, 0x72, 1, 0, 'E', 16, "Xxi") \
  X(PROLQ, "vprolq", 0, 1, 1, 0x72, 1, 1, 'E', 16, "Xxi") \
  /* cryptography: need the features of x86.h; EVEX forms of AES and PCLMULQDQ: X86_WIDE */ \
  X(AESENC, "vaesenc", 0, 2, 1, 0xdc, 0, 0, 'B', 16, "xxM") \
  X(AESENCLAST, "vaesenclast", 0, 2, 1, 0xdd, 0, 0, 'B', 16, "xxM") \
  X(AESDEC, "vaesdec", 0, 2, 1, 0xde, 0, 0, 'B', 16, "xxM") \
  X(AESDECLAST, "vaesdeclast", 0, 2, 1, 0xdf, 0, 0, 'B', 16, "xxM") \
  X(PCLMULQDQ, "vpclmulqdq", 0, 3, 1, 0x44, 0, 0, 'B', 16, "xxMi") \
  X(GF2P8AFFINE, "vgf2p8affineqb", 0, 3, 1, 0xce, 0, 1, 'B', 16, "xxMi") \
  X(GF2P8AFFINEINV, "vgf2p8affineinvqb", 0, 3, 1, 0xcf, 0, 1, 'B', 16, "xxMi") \
  /* shuffles */ \
  X(PUNPCKLBW,  "vpunpcklbw",  0, 1, 1, 0x60, 0, 0, 'B', 16, "xxM") \
  X(PUNPCKLWD,  "vpunpcklwd",  0, 1, 1, 0x61, 0, 0, 'B', 16, "xxM") \
  X(PUNPCKLDQ,  "vpunpckldq",  0, 1, 1, 0x62, 0, 0, 'B', 16, "xxM") \
  X(PUNPCKLQDQ, "vpunpcklqdq", 0, 1, 1, 0x6c, 0, 2, 'B', 16, "xxM") \
  X(PUNPCKHBW,  "vpunpckhbw",  0, 1, 1, 0x68, 0, 0, 'B', 16, "xxM") \
  X(PUNPCKHWD,  "vpunpckhwd",  0, 1, 1, 0x69, 0, 0, 'B', 16, "xxM") \
  X(PUNPCKHDQ,  "vpunpckhdq",  0, 1, 1, 0x6a, 0, 0, 'B', 16, "xxM") \
  X(PUNPCKHQDQ, "vpunpckhqdq", 0, 1, 1, 0x6d, 0, 2, 'B', 16, "xxM") \
  X(PACKSSWB, "vpacksswb", 0, 1, 1, 0x63, 0, 0, 'B', 16, "xxM") \
  X(PACKSSDW, "vpackssdw", 0, 1, 1, 0x6b, 0, 0, 'B', 16, "xxM") \
  X(PACKUSWB, "vpackuswb", 0, 1, 1, 0x67, 0, 0, 'B', 16, "xxM") \
  X(PACKUSDW, "vpackusdw", 0, 2, 1, 0x2b, 0, 0, 'B', 16, "xxM") \
  X(PSHUFB,  "vpshufb",  0, 2, 1, 0x00, 0, 0, 'B', 16, "xxM") \
  X(PSHUFD,  "vpshufd",  0, 1, 1, 0x70, 0, 0, 'B', 16, "xMi") \
  X(PSHUFLW, "vpshuflw", 0, 1, 3, 0x70, 0, 0, 'B', 16, "xMi") \
  X(SHUFPS,  "vshufps",  0, 1, 0, 0xc6, 0, 0, 'B', 16, "xxMi") \
  X(SHUFPD,  "vshufpd",  0, 1, 1, 0xc6, 0, 2, 'B', 16, "xxMi") \
  X(PALIGNR, "vpalignr", 0, 3, 1, 0x0f, 0, 0, 'B', 16, "xxMi") \
  X(PMOVSXBW, "vpmovsxbw", 0, 2, 1, 0x20, 0, 0, 'B', 8, "xM") \
  X(PMOVSXWD, "vpmovsxwd", 0, 2, 1, 0x23, 0, 0, 'B', 8, "xM") \
  X(PMOVSXDQ, "vpmovsxdq", 0, 2, 1, 0x25, 0, 0, 'B', 8, "xM") \
  X(PMOVZXBW, "vpmovzxbw", 0, 2, 1, 0x30, 0, 0, 'B', 8, "xM") \
  X(PMOVZXWD, "vpmovzxwd", 0, 2, 1, 0x33, 0, 0, 'B', 8, "xM") \
  X(PMOVZXWQ, "vpmovzxwq", 0, 2, 1, 0x34, 0, 0, 'B', 4, "xM") \
  X(PMOVZXDQ, "vpmovzxdq", 0, 2, 1, 0x35, 0, 0, 'B', 8, "xM") \
  X(PMOVSQD,  "vpmovsqd",  0, 2, 2, 0x25, 0, 0, 'E', 8, "Mx") \
  X(PMOVUSQD, "vpmovusqd", 0, 2, 2, 0x15, 0, 0, 'E', 8, "Mx") \
  /* floating point: _PS _PD _SS _SD stand in this order, so that op + kind names the instruction */ \
  ENC_VEC_FP(X, ADD, "vadd", 0x58) \
  ENC_VEC_FP(X, MUL, "vmul", 0x59) \
  ENC_VEC_FP(X, SUB, "vsub", 0x5c) \
  ENC_VEC_FP(X, MIN, "vmin", 0x5d) \
  ENC_VEC_FP(X, DIV, "vdiv", 0x5e) \
  ENC_VEC_FP(X, MAX, "vmax", 0x5f) \
  X(SQRTPS, "vsqrtps", 0, 1, 0, 0x51, 0, 0, 'B', 16, "xM") \
  X(SQRTPD, "vsqrtpd", 0, 1, 1, 0x51, 0, 2, 'B', 16, "xM") \
  X(SQRTSS, "vsqrtss", 0, 1, 2, 0x51, 0, 0, 'B', 4, "xxM") \
  X(SQRTSD, "vsqrtsd", 0, 1, 3, 0x51, 0, 2, 'B', 8, "xxM") \
  X(ROUNDPS, "vroundps", "vrndscaleps", 3, 1, 0x08, 0, 0, 'B', 16, "xMi") \
  X(ROUNDPD, "vroundpd", "vrndscalepd", 3, 1, 0x09, 0, 2, 'B', 16, "xMi") \
  X(ROUNDSS, "vroundss", "vrndscaless", 3, 1, 0x0a, 0, 0, 'B', 4, "xxMi") \
  X(ROUNDSD, "vroundsd", "vrndscalesd", 3, 1, 0x0b, 0, 2, 'B', 8, "xxMi") \
  X(CMPPS, "vcmpps", 0, 1, 0, 0xc2, 0, 0, 'V', 16, "xxMi") \
  X(CMPPD, "vcmppd", 0, 1, 1, 0xc2, 0, 0, 'V', 16, "xxMi") \
  X(CMPSS, "vcmpss", 0, 1, 2, 0xc2, 0, 0, 'V', 4, "xxMi") \
  X(CMPSD, "vcmpsd", 0, 1, 3, 0xc2, 0, 0, 'V', 8, "xxMi") \
  X(K_CMPPS, "vcmpps", 0, 1, 0, 0xc2, 0, 0, 'E', 16, "kxMi") \
  X(K_CMPPD, "vcmppd", 0, 1, 1, 0xc2, 0, 1, 'E', 16, "kxMi") \
  X(K_CMPSS, "vcmpss", 0, 1, 2, 0xc2, 0, 0, 'E', 4, "kxMi") \
  X(K_CMPSD, "vcmpsd", 0, 1, 3, 0xc2, 0, 1, 'E', 8, "kxMi") \
  X(FPCLASSPS, "vfpclassps", 0, 3, 1, 0x66, 0, 0, 'E', 16, "kMi") \
  X(FPCLASSPD, "vfpclasspd", 0, 3, 1, 0x66, 0, 1, 'E', 16, "kMi") \
  X(FPCLASSSS, "vfpclassss", 0, 3, 1, 0x67, 0, 0, 'E', 4, "kMi") \
  X(FPCLASSSD, "vfpclasssd", 0, 3, 1, 0x67, 0, 1, 'E', 8, "kMi") \
  X(RANGEPS, "vrangeps", 0, 3, 1, 0x50, 0, 0, 'E', 16, "xxMi") \
  X(RANGEPD, "vrangepd", 0, 3, 1, 0x50, 0, 1, 'E', 16, "xxMi") \
  X(RANGESS, "vrangess", 0, 3, 1, 0x51, 0, 0, 'E', 4, "xxMi") \
  X(RANGESD, "vrangesd", 0, 3, 1, 0x51, 0, 1, 'E', 8, "xxMi") \
  X(REDUCEPS, "vreduceps", 0, 3, 1, 0x56, 0, 0, 'E', 16, "xMi") \
  X(REDUCEPD, "vreducepd", 0, 3, 1, 0x56, 0, 1, 'E', 16, "xMi") \
  X(REDUCESS, "vreducess", 0, 3, 1, 0x57, 0, 0, 'E', 4, "xxMi") \
  X(REDUCESD, "vreducesd", 0, 3, 1, 0x57, 0, 1, 'E', 8, "xxMi") \
  X(UCOMISS, "vucomiss", 0, 1, 0, 0x2e, 0, 0, 'B', 4, "xM") \
  X(UCOMISD, "vucomisd", 0, 1, 1, 0x2e, 0, 2, 'B', 8, "xM") \
  X(COMISS, "vcomiss", 0, 1, 0, 0x2f, 0, 0, 'B', 4, "xM") \
  X(COMISD, "vcomisd", 0, 1, 1, 0x2f, 0, 2, 'B', 8, "xM") \
  /* d = +-(d * rm) +- vvvv, +-(vvvv * d) +- rm, +-(vvvv * rm) +- d; four kinds of four signs */ \
  ENC_VEC_FMA(X, 132, 0x98) \
  ENC_VEC_FMA(X, 213, 0xa8) \
  ENC_VEC_FMA(X, 231, 0xb8) \
  /* conversions */ \
  X(CVTSS2SD, "vcvtss2sd", 0, 1, 2, 0x5a, 0, 0, 'B', 4, "xxM") \
  X(CVTSD2SS, "vcvtsd2ss", 0, 1, 3, 0x5a, 0, 2, 'B', 8, "xxM") \
  X(CVTPS2PD, "vcvtps2pd", 0, 1, 0, 0x5a, 0, 0, 'B', 8, "xM") \
  X(CVTPD2PS, "vcvtpd2ps", 0, 1, 1, 0x5a, 0, 2, 'B', 16, "xM") \
  X(CVTPH2PS, "vcvtph2ps", 0, 2, 1, 0x13, 0, 0, 'B', 8, "xM") \
  X(CVTPS2PH, "vcvtps2ph", 0, 3, 1, 0x1d, 0, 0, 'B', 8, "Mxi") \
  X(CVTDQ2PS, "vcvtdq2ps", 0, 1, 0, 0x5b, 0, 0, 'B', 16, "xM") \
  X(CVTUDQ2PS, "vcvtudq2ps", 0, 1, 3, 0x7a, 0, 0, 'E', 16, "xM") \
  X(CVTQQ2PD, "vcvtqq2pd", 0, 1, 2, 0xe6, 0, 1, 'E', 16, "xM") \
  X(CVTUQQ2PD, "vcvtuqq2pd", 0, 1, 2, 0x7a, 0, 1, 'E', 16, "xM") \
  X(CVTPS2DQ, "vcvtps2dq", 0, 1, 1, 0x5b, 0, 0, 'B', 16, "xM") \
  X(CVTTPS2DQ, "vcvttps2dq", 0, 1, 2, 0x5b, 0, 0, 'B', 16, "xM") \
  X(CVTPS2UDQ, "vcvtps2udq", 0, 1, 0, 0x79, 0, 0, 'E', 16, "xM") \
  X(CVTTPS2UDQ, "vcvttps2udq", 0, 1, 0, 0x78, 0, 0, 'E', 16, "xM") \
  X(CVTPD2QQ, "vcvtpd2qq", 0, 1, 1, 0x7b, 0, 1, 'E', 16, "xM") \
  X(CVTTPD2QQ, "vcvttpd2qq", 0, 1, 1, 0x7a, 0, 1, 'E', 16, "xM") \
  X(CVTPD2UQQ, "vcvtpd2uqq", 0, 1, 1, 0x79, 0, 1, 'E', 16, "xM") \
  X(CVTTPD2UQQ, "vcvttpd2uqq", 0, 1, 1, 0x78, 0, 1, 'E', 16, "xM") \
  ENC_VEC_CVT_G(X, SS, "ss", 2, 4) \
  ENC_VEC_CVT_G(X, SD, "sd", 3, 8)

#define ENC_VEC_FP(X, NAME, text, op) \
  X(NAME##PS, text "ps", 0, 1, 0, op, 0, 0, 'B', 16, "xxM") \
  X(NAME##PD, text "pd", 0, 1, 1, op, 0, 2, 'B', 16, "xxM") \
  X(NAME##SS, text "ss", 0, 1, 2, op, 0, 0, 'B', 4, "xxM") \
  X(NAME##SD, text "sd", 0, 1, 3, op, 0, 2, 'B', 8, "xxM")

#define ENC_VEC_FMA4(X, NAME, text, order, op) \
  X(NAME##order##PS, text #order "ps", 0, 2, 1, op, 0, 0, 'B', 16, "xxM") \
  X(NAME##order##PD, text #order "pd", 0, 2, 1, op, 0, 1, 'B', 16, "xxM") \
  X(NAME##order##SS, text #order "ss", 0, 2, 1, (op) + 1, 0, 0, 'B', 4, "xxM") \
  X(NAME##order##SD, text #order "sd", 0, 2, 1, (op) + 1, 0, 1, 'B', 8, "xxM")
#define ENC_VEC_FMA(X, order, op) \
  ENC_VEC_FMA4(X, FMADD, "vfmadd", order, op) \
  ENC_VEC_FMA4(X, FNMADD, "vfnmadd", order, (op) + 4) \
  ENC_VEC_FMA4(X, FMSUB, "vfmsub", order, (op) + 2) \
  ENC_VEC_FMA4(X, FNMSUB, "vfnmsub", order, (op) + 6)

/* From and to general registers; the Q forms have a 64-bit one. */
#define ENC_VEC_CVT_G(X, K, k, pp, n) \
  X(CVTSI2##K,   "vcvtsi2" k,   0, 1, pp, 0x2a, 0, 0, 'B', 4, "xxg") \
  X(CVTSI2##K##Q, "vcvtsi2" k,  0, 1, pp, 0x2a, 0, 1, 'B', 8, "xxg") \
  X(CVTUSI2##K,  "vcvtusi2" k,  0, 1, pp, 0x7b, 0, 0, 'E', 4, "xxg") \
  X(CVTUSI2##K##Q, "vcvtusi2" k, 0, 1, pp, 0x7b, 0, 1, 'E', 8, "xxg") \
  X(CVTT##K##2SI,  "vcvtt" k "2si",  0, 1, pp, 0x2c, 0, 0, 'B', n, "gM") \
  X(CVTT##K##2SIQ, "vcvtt" k "2si",  0, 1, pp, 0x2c, 0, 1, 'B', n, "gM") \
  X(CVT##K##2SI,   "vcvt" k "2si",   0, 1, pp, 0x2d, 0, 0, 'B', n, "gM") \
  X(CVT##K##2SIQ,  "vcvt" k "2si",   0, 1, pp, 0x2d, 0, 1, 'B', n, "gM") \
  X(CVTT##K##2USI,  "vcvtt" k "2usi", 0, 1, pp, 0x78, 0, 0, 'E', n, "gM") \
  X(CVTT##K##2USIQ, "vcvtt" k "2usi", 0, 1, pp, 0x78, 0, 1, 'E', n, "gM") \
  X(CVT##K##2USI,   "vcvt" k "2usi",  0, 1, pp, 0x79, 0, 0, 'E', n, "gM") \
  X(CVT##K##2USIQ,  "vcvt" k "2usi",  0, 1, pp, 0x79, 0, 1, 'E', n, "gM")
/* clang-format on */

enum vop {
#define X(name, text, etext, map, pp, op, ext, w, form, n, shape) V_##name,
    ENC_VEC_OPS(X)
#undef X
        V_COUNT
};

struct enc_vec_row {
    const char *text, *etext;
    uint8_t map, pp, op, ext, w, n;
    char form;
    const char *shape;
};
extern const struct enc_vec_row enc_vec_row[V_COUNT];

/* The operand in the rm field: a register of any kind, or memory. */
typedef struct {
    bool mem;
    uint8_t n;
    struct x86_mem m;
} xm;
static inline xm xm_reg(xmm r)
{
    return (xm){.n = r.n};
}
static inline xm xm_gpr(gpr r)
{
    return (xm){.n = r.n};
}
static inline xm xm_mem(struct x86_mem m)
{
    return (xm){.mem = true, .m = m};
}

/* Every instruction: register fields as they are encoded; imm is used only by rows that have one. */
void enc_v(struct enc *e, enum vop op, unsigned reg, unsigned vvvv, xm rm, unsigned imm);

/*
 * The same in the lanes that mask register k (1 .. 7) has bits for: the others stay as they are in the result (with a
 * mask as result: 0) and raise no exceptions.  For rows with an EVEX form.
 */
void enc_v_masked(struct enc *e, enum vop op, unsigned k, unsigned reg, unsigned vvvv, xm rm, unsigned imm);
/* A scalar operation rounded to nearest whatever MXCSR says, which raises nothing and traps nothing. */
void enc_v_silent(struct enc *e, enum vop op, unsigned reg, unsigned vvvv, xmm rm);
/* Logic of mask registers, 8 bits; K_ANDN: ~a & b. */
enum enc_k { K_AND = 0x41, K_ANDN = 0x42, K_OR = 0x45, K_XNOR = 0x46 };
void enc_k(struct enc *e, enum enc_k op, unsigned d, unsigned a, unsigned b);

/*
 * As enc_v, lane 0 only: the lanes above it become zero and raise no exceptions.  For rows with an EVEX form
 * on vectors of floating point; needs the mask register k7 to be 1, which enc_v_lane0 makes it: at the entry
 * to translated code, and after calls of C.
 */
void enc_v_low_lane(struct enc *e, enum vop op, unsigned reg, unsigned vvvv, xm rm, unsigned imm);
void enc_v_lane0(struct enc *e);

/*
 * SHA-1 and SHA-256: d = op(d, s), registers 0..15, no VEX forms.  SHA_256RNDS2 takes its third operand from xmm0;
 * imm: SHA_1RNDS4 only.
 */
enum enc_sha { SHA_1RNDS4 = 0x3acc, SHA_256RNDS2 = 0x38cb, SHA_256MSG1 = 0x38cc, SHA_256MSG2 = 0x38cd };
void enc_sha(struct enc *e, enum enc_sha op, xmm d, xmm s, unsigned imm);

/* May these registers be operands of a VEX-only instruction? */
static inline bool enc_v_low(xmm a, xmm b)
{
    return a.n < 16 && b.n < 16;
}

/* By shape: d, a and b in assembler order. */
static inline void enc_v3(struct enc *e, enum vop op, xmm d, xmm a, xm b)
{
    enc_v(e, op, d.n, a.n, b, 0);
}
static inline void enc_v3r(struct enc *e, enum vop op, xmm d, xmm a, xmm b)
{
    enc_v(e, op, d.n, a.n, xm_reg(b), 0);
}
static inline void enc_v3i(struct enc *e, enum vop op, xmm d, xmm a, xm b, unsigned imm)
{
    enc_v(e, op, d.n, a.n, b, imm);
}
static inline void enc_v2(struct enc *e, enum vop op, xmm d, xm s)
{
    enc_v(e, op, d.n, 0, s, 0);
}
static inline void enc_v2r(struct enc *e, enum vop op, xmm d, xmm s)
{
    enc_v(e, op, d.n, 0, xm_reg(s), 0);
}
static inline void enc_v2i(struct enc *e, enum vop op, xmm d, xm s, unsigned imm)
{
    enc_v(e, op, d.n, 0, s, imm);
}
static inline void enc_vshift(struct enc *e, enum vop op, xmm d, xmm s, unsigned n)
{
    enc_v(e, op, enc_vec_row[op].ext, d.n, xm_reg(s), n);
}
static inline void enc_v_store(struct enc *e, enum vop op, xm d, xmm s, unsigned imm)
{
    enc_v(e, op, s.n, 0, d, imm);
}
static inline void enc_v_blend(struct enc *e, enum vop op, xmm d, xmm a, xm b, xmm mask)
{
    enc_v(e, op, d.n, a.n, b, (unsigned)mask.n << 4);
}

#endif

/* SPDX-License-Identifier: MIT */
/* A program whose property note says that all its code has landing pads: the kernel (for a static program) or the dynamic
 * linker guards it, and a branch to something else kills it.
 * arm: -mbranch-protection=bti -nostartfiles -Wl,-z,force-bti -nostdlib
 * skip-qemu: 7.2 has another si_code for SIGILL
 */
__asm__(".global _start\n_start:\n bti c\n"
        "mov x0, #1\n adr x1, text\n mov x2, #8\n mov x8, #64\n svc #0\n" /* write */
        "adr x0, pad\n br x0\n"
        "nop\npad: bti j\n"
        "mov x0, #1\n adr x1, text\n mov x2, #8\n mov x8, #64\n svc #0\n"
        "adr x0, no_pad\n br x0\n"
        "nop\nno_pad: nop\n"
        "mov x0, #0\n mov x8, #93\n svc #0\n" /* exit */
        "text: .ascii \"running\\n\"\n");

/* SPDX-License-Identifier: MIT */
/* Sudoku by trying, with the candidates of rows, columns and boxes as bits. */
#include "bench.h"

static const char *const puzzle[] = {
    "53..7....6..195....98....6.8...6...34..8.3..17...2...6.6....28....419..5....8..79",
    "8..........36......7..9.2...5...7.......457.....1...3...1....68..85...1..9....4..",
    "1....7.9..3..2...8..96..5....53..9...1..8...26....4...3......1..4......7..7...3..",
};
static uint16_t row[9], column[9], box[9];
static char board[81];
static uint64_t tries;

static int solve(void)
{
    int best = -1, fewest = 10;
    uint32_t choices = 0;
    for (int i = 0; i < 81 && fewest > 1; i++) {
        if (board[i])
            continue;
        uint32_t c = 0x1ffu & ~(uint32_t)(row[i / 9] | column[i % 9] | box[i / 27 * 3 + i % 9 / 3]);
        int n = __builtin_popcount(c);
        if (n < fewest)
            fewest = n, best = i, choices = c;
    }
    if (best < 0)
        return 1;
    uint16_t *r = &row[best / 9], *c = &column[best % 9], *b = &box[best / 27 * 3 + best % 9 / 3];
    for (; choices; choices &= choices - 1) {
        uint16_t bit = (uint16_t)(choices & -choices);
        *r |= bit, *c |= bit, *b |= bit;
        board[best] = (char)(1 + __builtin_ctz(bit));
        tries++;
        if (solve())
            return 1;
        *r ^= bit, *c ^= bit, *b ^= bit;
        board[best] = 0;
    }
    return 0;
}

int main(int argc, char **argv)
{
    uint64_t sum = 0;
    for (long r = bench_rounds(argc, argv, 340); r > 0; r--) {
        memset(row, 0, sizeof row), memset(column, 0, sizeof column), memset(box, 0, sizeof box);
        for (int i = 0; i < 81; i++) {
            char v = puzzle[r % 3][i];
            board[i] = v == '.' ? 0 : (char)(v - '0');
            if (board[i]) {
                uint16_t bit = (uint16_t)(1 << (board[i] - 1));
                row[i / 9] |= bit, column[i % 9] |= bit, box[i / 27 * 3 + i % 9 / 3] |= bit;
            }
        }
        solve();
        for (int i = 0; i < 81; i++)
            sum = sum * 11 + (uint64_t)board[i];
    }
    return bench_end(sum + tries);
}

// SPDX-License-Identifier: MIT
import java.util.*;
public class Main {
    static int fib(int n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }
    public static void main(String[] args) {
        int n = 300;
        double[][] a = new double[n][n], b = new double[n][n], c = new double[n][n];
        for (int i = 0; i < n; i++) for (int j = 0; j < n; j++) { a[i][j] = i % 7 + j; b[i][j] = i - j % 5; }
        for (int r = 0; r < 10; r++)
            for (int i = 0; i < n; i++) for (int k = 0; k < n; k++) for (int j = 0; j < n; j++) c[i][j] += a[i][k] * b[k][j];
        HashMap<String, Integer> m = new HashMap<>();
        for (int i = 0; i < 4000000; i++) m.merge("k" + i % 5000, i, Integer::sum);
        StringBuilder s = new StringBuilder();
        for (int i = 0; i < 3000000; i++) s.append(i % 10);
        long[] v = new Random(1).longs(2000000).toArray();
        Arrays.sort(v);
        System.out.println(fib(38) + " " + c[17][19] + " " + m.get("k42") + " " + s.toString().hashCode() + " " + v[1000]);
    }
}

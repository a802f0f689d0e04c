# SPDX-License-Identifier: MIT
# packages: openjdk-17-jdk-headless
# limit: 300
# OpenJDK: javac, threads that allocate under several collectors (StrictMath: Math.sin may differ in the last bit), null checks by SIGSEGV, stack overflow, division, compiled and with -Xint.
cat >T.java <<'J'
import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.atomic.*;
import java.util.stream.*;
public class T {
    static class Node { Node next; int v; }
    static int counter;
    static int deref(Node n) { return n.next.v; }
    static int deep(int n) { return 1 + deep(n + 1); }
    static long allocate(int t) {
        Map<Integer, byte[]> m = new HashMap<>();
        long s = 0;
        for (int i = 0; i < 30000; i++) { m.put(i % 997, new byte[(i * 31 + t) % 2000]); s += m.get(i % 997).length; }
        return s;
    }
    public static void main(String[] args) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(6);
        List<Future<Long>> results = new ArrayList<>();
        for (int t = 0; t < 6; t++) { int k = t; results.add(pool.submit(() -> allocate(k))); }
        for (Future<Long> f : results) System.out.println(f.get());
        pool.shutdown();
        Node good = new Node();
        good.next = new Node();
        good.next.v = 3;
        int sum = 0, nulls = 0, overflows = 0;
        for (int i = 0; i < 200000; i++) try { sum += deref(i % 100 == 0 ? new Node() : good); } catch (NullPointerException e) { nulls++; }
        for (int i = 0; i < 5; i++) try { deep(0); } catch (StackOverflowError e) { overflows++; }
        System.out.println(nulls + " " + sum + " " + overflows);
        double d = 0;
        for (int i = 1; i < 300000; i++) d += StrictMath.sin(i) * Math.sqrt(i);
        System.out.println(d + " " + StrictMath.pow(2, 0.5) + " " + (float) 1e40 + " " + (int) Double.NaN + " " + 7.0 % -3.0 + " " + Long.MIN_VALUE / -1);
        AtomicLong atomic = new AtomicLong();
        Thread[] ts = new Thread[8];
        for (int i = 0; i < 8; i++) (ts[i] = new Thread(() -> { for (int k = 0; k < 20000; k++) { atomic.incrementAndGet(); synchronized (T.class) { counter++; } } })).start();
        for (Thread t : ts) t.join();
        System.out.println(atomic.get() + " " + counter);
        try { System.out.println(new int[3][args.length + 3].clone()[args.length + 3]); } catch (ArrayIndexOutOfBoundsException e) { System.out.println(e.getMessage()); }
        try { System.out.println(1 / args.length); } catch (ArithmeticException e) { System.out.println(e.getMessage()); }
        System.out.println(IntStream.range(0, 10000).parallel().mapToObj(i -> "s" + i % 100).collect(Collectors.groupingBy(s -> s, TreeMap::new, Collectors.counting())).get("s42"));
        Process p = new ProcessBuilder("sh", "-c", "exit 7").start();
        System.exit(p.waitFor());
    }
}
J
J=$(echo /usr/lib/jvm/java-17-openjdk-*/bin)
$J/javac T.java; echo "javac $?"
for o in '' '-XX:+UseSerialGC -Xmx64m' '-Xint -Xmx256m' '-XX:+UseZGC -XX:TieredStopAtLevel=1 -Xmx512m'; do $J/java $o T; echo "$o: $?"; done
$J/jar cf t.jar T*.class && $J/jar tf t.jar | wc -l; $J/java -cp t.jar Nothing 2>&1 | head -1

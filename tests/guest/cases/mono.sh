# SPDX-License-Identifier: MIT
# packages: mono-runtime mono-mcs
# limit: 200
# Mono: its compiler, threads and locks, null checks by SIGSEGV, collection, tasks.
cat >T.cs <<'C'
using System; using System.Collections.Generic; using System.Diagnostics; using System.Linq; using System.Threading; using System.Threading.Tasks;
class T {
    static readonly object l = new object();
    static int count;
    class N { public int v = 1; }
    static int Deep(int n) { return 1 + Deep(n + 1); }
    static int Main(string[] args) {
        var ts = new List<Thread>();
        for (int i = 0; i < 8; i++) { var t = new Thread(() => { for (int k = 0; k < 20000; k++) lock (l) count++; }); t.Start(); ts.Add(t); }
        foreach (var t in ts) t.Join();
        int nulls = 0;
        for (int i = 0; i < 100; i++) try { N n = i % 2 == 0 ? null : new N(); n.v++; } catch (NullReferenceException) { nulls++; }
        Console.WriteLine(count + " " + nulls);
        try { Console.WriteLine(1 / args.Length); } catch (DivideByZeroException e) { Console.WriteLine(e.GetType()); }
        Console.WriteLine(Enumerable.Range(0, 100000).Where(x => x % 3 == 0).Select(x => (long)x * x).Sum());
        var d = new Dictionary<string, byte[]>();
        for (int i = 0; i < 200000; i++) d["k" + i % 100] = new byte[i % 5000];
        GC.Collect();
        Console.WriteLine(d.Count + " " + Task.WhenAll(Enumerable.Range(0, 50).Select(i => Task.Run(() => i * i))).Result.Sum());
        Console.WriteLine(Math.Sin(1e10).ToString("R") + " " + decimal.MaxValue / 3 + " " + (0.1 + 0.2).ToString("R") + " " + float.MaxValue + " " + "żółć".ToUpper());
        foreach (var w in "the quick brown fox".Split(' ').OrderBy(s => s)) Console.Write(w + ","); Console.WriteLine();
        var p = Process.Start(new ProcessStartInfo("sh", "-c \"echo child; exit 5\"") { UseShellExecute = false, RedirectStandardOutput = true });
        Console.Write(p.StandardOutput.ReadToEnd()); p.WaitForExit(); return p.ExitCode;
    }
}
C
mcs T.cs && mono T.exe; echo $?; mono -O=all --gc=sgen T.exe | md5sum; echo 'class X { int f() { return "a"; } }' >x.cs; mcs x.cs; echo $?

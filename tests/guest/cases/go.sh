# SPDX-License-Identifier: MIT
# packages: golang-1.19-go golang-1.19-src
# limit: 300
# Go: its compiler; 1,000 goroutines, preemption by signals, collection while they run, a nil dereference, signals, http.
export GO111MODULE=off PATH=/usr/lib/go-1.19/bin:$PATH CGO_ENABLED=0
cat >main.go <<'G'
package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"sort"
	"sync"
	"syscall"
	"time"
)

type big struct{ a [10]int }

func main() {
	var wg sync.WaitGroup
	var mu sync.Mutex
	sum, ch := 0, make(chan int, 10)
	go func() {
		for i := 0; i < 1000; i++ {
			ch <- i
		}
		close(ch)
	}()
	for g := 0; g < 1000; g++ {
		wg.Add(1)
		go func(g int) {
			defer wg.Done()
			s := 0
			for k := 0; k < 2000; k++ {
				s += k ^ g
			}
			v := <-ch
			mu.Lock()
			sum += s + v
			mu.Unlock()
			time.Sleep(time.Millisecond)
			_ = make([]byte, 10000)
		}(g)
	}
	wg.Wait()
	fmt.Println("sum", sum)
	c := make(chan os.Signal, 1)
	signal.Notify(c, syscall.SIGUSR1)
	syscall.Kill(os.Getpid(), syscall.SIGUSR1)
	fmt.Println(<-c)
	func() {
		defer func() { fmt.Println("recovered", recover()) }()
		var p *big
		p.a[3] = 1
	}()
	l, _ := net.Listen("tcp", "127.0.0.1:0")
	go http.Serve(l, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "hi ", r.URL.Path) }))
	total := 0
	for i := 0; i < 200; i++ {
		r, err := http.Get(fmt.Sprintf("http://%s/%d", l.Addr(), i))
		if err != nil {
			fmt.Println(err)
			break
		}
		b, _ := io.ReadAll(r.Body)
		r.Body.Close()
		total += len(b)
	}
	fmt.Println("http", total)
	out, err := exec.Command("sh", "-c", "echo child; exit 3").Output()
	fmt.Printf("%q %v\n", out, err)
	m := map[string]float64{}
	for i := 0; i < 100000; i++ {
		m[fmt.Sprint(i%1000)] += float64(i) / 7
	}
	keys := []string{}
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	fmt.Println(keys[:3], m["42"])
	runtime.GOMAXPROCS(1)
	go func() {
		for {
		}
	}()
	time.Sleep(10 * time.Millisecond) // returns because the loop is preempted
	runtime.GC()
	fmt.Println("preempted")
	os.Exit(4)
}
G
go build -o m main.go; echo "build $?"
for i in 1 2 3; do ./m; echo $?; done
echo 'package main; func main() { undefined() }' >bad.go; go run bad.go 2>&1 | tail -1

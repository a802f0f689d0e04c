# SPDX-License-Identifier: MIT
# packages: perl
perl -e '
my $s = "The quick brown fox " x 2000;
my %c;
$c{lc $1}++ while $s =~ /(\w+)/g;
print "$_ $c{$_}\n" for sort keys %c;
(my $t = $s) =~ s/(\w)(\w*)/\U$1\E$2/g;
print length($t), substr($t, 0, 20), "\n";
print join(",", map { sprintf "%.6f", sqrt } 1 .. 5), "\n"'
perl -e '
my @a = map { ($_ * 7919) % 10007 } 1 .. 5000;
my @s = sort { $a <=> $b } @a;
print "@s[0..9] $s[-1]\n";
my @r = sort @a;
print "@r[0..5]\n";
print scalar(grep { $_ & 1 } @a), "\n"'
perl -e '
$| = 1;
pipe(R, W);
my $p = fork;
if (!$p) {
    close R;
    print W "child $$\n" =~ s/\d+/pid/r;
    exit 5
}
close W;
print scalar <R>;
waitpid $p, 0;
print $? >> 8, "\n";
$SIG{ALRM} = sub { die "alarm\n" };
eval { alarm 1; select undef, undef, undef, 10 };
print $@'
perl -MPOSIX -MList::Util=sum,shuffle -MData::Dumper -MDigest::SHA=sha256_hex -MTime::Local -e '
print floor(-1.5), " ", strftime("%F", gmtime 0), " ", sum(1 .. 100), " ", sha256_hex("abc"), "\n";
$Data::Dumper::Sortkeys = 1;
print Dumper({a => [1, 2], b => "x"});
print timegm(0, 0, 0, 1, 0, 100), "\n";
printf "%s %s %s\n", 9**20, 0.1 + 0.2, 1e15 / 3;
print 10 ** 400, " ", -sin(9**9**9), "\n" =~ s/nan/NaN/ri'
perl -e '
local $_ = join "", map { chr(97 + $_ % 26) } 0 .. 9999;
my $n = () = /(?=(abc))/g;
print "$n\n";
print "balanced\n" if "((()))" =~ /^(\((?1)*\))$/;
my $x = "aaa";
$x++;
print "$x\n";
print pack("NnC", 1, 2, 3) =~ s/(.)/sprintf "%02x", ord $1/gesr, "\n";
print join("|", split /,\s*/, "a, b,c"), "\n";
open my $f, "<", $0 or print "no $!\n";
print sprintf("%vd", "1.22.333"), "\n";
print `echo sub`;
print lc("ÄÖ"), ucfirst("x"), "\n";
exit 3'

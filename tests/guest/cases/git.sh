# SPDX-License-Identifier: MIT
# packages: git
# limit: 300
export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@b GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@b GIT_CONFIG_NOSYSTEM=1
git init -q -b main r; cd r
for i in $(seq 50); do echo "line $i" >>f; seq $i >g$((i % 5)); git add .; GIT_AUTHOR_DATE="$((1000000000 + i)) +0000" GIT_COMMITTER_DATE="$((1000000000 + i)) +0000" git commit -q -m "commit $i"; done
git log --oneline | head -3
git rev-list --count HEAD
git gc -q
git fsck
git log --stat -2 --format='%H %s'
git diff HEAD~3 --stat
git checkout -q -b b HEAD~10
echo x >h
git add h
GIT_AUTHOR_DATE='1000001000 +0000' GIT_COMMITTER_DATE='1000001000 +0000' git commit -q -m side
GIT_AUTHOR_DATE='1000001001 +0000' GIT_COMMITTER_DATE='1000001001 +0000' git merge -q -m merge main
git rev-parse HEAD
git blame -s f | tail -2
git grep -n 'line 4' | head -3
git status --short
git clone -q . ../c
cd ../c
git log -1 --format=%s
git show --stat HEAD~2 | tail -3
git tag v1
git describe
git archive HEAD | md5sum
git checkout -q nothing
echo $?

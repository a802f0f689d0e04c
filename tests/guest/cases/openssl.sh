# SPDX-License-Identifier: MIT
# packages: openssl
# limit: 240
seq 1 100000 >d; for h in md5 sha1 sha256 sha512 sha3-256 blake2b512 sm3; do openssl dgst -$h d; done
for c in aes-128-cbc aes-256-ctr aes-256-gcm chacha20 camellia-128-cbc aria-128-cbc sm4-cbc; do openssl enc -$c -K 00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff -iv 000102030405060708090a0b0c0d0e0f -in d 2>/dev/null | md5sum; done
openssl enc -aes-256-cbc -pbkdf2 -pass pass:x -S 0102030405060708 -in d -out e
openssl enc -d -aes-256-cbc -pbkdf2 -pass pass:x -S 0102030405060708 -in e | cmp - d
echo $?
openssl genrsa -out k.pem 2048 2>/dev/null
openssl rsa -in k.pem -pubout -out p.pem 2>/dev/null
openssl dgst -sha256 -sign k.pem -out s d
openssl dgst -sha256 -verify p.pem -signature s d
for c in prime256v1 secp384r1 X25519 ed25519; do case $c in X*|ed*) openssl genpkey -algorithm $c -out e.pem;; *) openssl ecparam -name $c -genkey -noout -out e.pem;; esac; openssl pkey -in e.pem -noout -text 2>/dev/null | head -1; done
openssl req -x509 -newkey rsa:2048 -nodes -keyout a -out b -subj /CN=x -days 1 2>/dev/null
openssl x509 -in b -noout -subject
openssl verify -CAfile b b
openssl prime 1000003
openssl rand -hex 8 | wc -c
openssl base64 <<<hello
openssl version | cut -d' ' -f1-2
openssl speed -seconds 1 -bytes 1024 sha256 2>/dev/null | grep -c sha256
openssl asn1parse -in p.pem | head -2
openssl nosuch >/dev/null 2>&1
echo $?

#!/usr/bin/env bash
# An image of Apache Kafka without a registry: the jars that local.sh has fetched, a Java runtime cut
# from this machine's JDK 17, and this machine's bash and C library. It takes the settings that the
# official image takes, KAFKA_… in the environment.
#
#   tests/kafka/image.sh [NAME:TAG]     needs a Docker engine (DOCKER_HOST) and Linux
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
name=${1:-local/kafka:4.0.0}
home=${CARGO_TARGET_DIR:-$here/../../target}/kafka
root=$home/image

[ -d "$home/lib" ] || { echo "image: run tests/kafka/local.sh start first" >&2; exit 1; }
jdk=${JAVA_HOME:-$(dirname "$(dirname "$(readlink -f "$(command -v javac)")")")}
rm -rf "$root"
mkdir -p "$root"/{bin,tmp,etc,kafka/data}
"$jdk/bin/jlink" --output "$root/java" --strip-debug --no-man-pages --no-header-files --add-modules \
    java.base,java.desktop,java.logging,java.management,java.naming,java.security.jgss,java.security.sasl,java.sql,jdk.management,jdk.unsupported
cp "$home"/lib/*.jar "$root/kafka/"
cp "$(command -v bash)" "$root/bin/"
# Every library that the copied programs are linked with, where they look for it.
for file in "$root/bin/bash" "$root/java/bin/java" "$root"/java/lib/*.so "$root"/java/lib/server/*.so; do
    ldd "$file" | grep -o '/[^ ]*' || true
done | sort -u | while read -r library; do
    case $library in */java/lib/*) continue ;; esac
    mkdir -p "$root$(dirname "$library")"
    cp -L "$library" "$root$library"
done
echo 'root:x:0:0:root:/:/bin/bash' >"$root/etc/passwd"
cat >"$root/bin/run" <<'END'
#!/bin/bash
set -eu
for name in "${!KAFKA_@}"; do
    key=${name#KAFKA_}
    key=${key,,}
    echo "${key//_/.}=${!name}"
done >/kafka/server.properties
echo log.dirs=/kafka/data >>/kafka/server.properties
java=(/java/bin/java -Xmx512m -Dlog4j2.level=INFO -cp '/kafka/*')
id=$("${java[@]}" kafka.tools.StorageTool random-uuid)
"${java[@]}" kafka.tools.StorageTool format -t "${id##*$'\n'}" -c /kafka/server.properties
exec "${java[@]}" kafka.Kafka /kafka/server.properties
END
chmod +x "$root/bin/run"
tar -C "$root" -c . | docker import --change 'ENTRYPOINT ["/bin/run"]' --change 'EXPOSE 9092' - "$name"
rm -rf "$root"
echo "image: $name"

#!/usr/bin/env bash
# A real Apache Kafka broker on loopback: fetches the jars with Maven, and runs one KRaft broker with
# Java 17. Everything it writes is under target/kafka.
#
#   tests/kafka/local.sh start   starts it, unless it runs, and prints HOST:PORT when it answers
#   tests/kafka/local.sh fetch   only fetches what start needs
#   tests/kafka/local.sh stop    stops it; the records stay for the next start
#   tests/kafka/local.sh clean   stops it and removes the records
#
# KAFKA_PORT chooses the port (19092); the controller has the next one. Brokers on several ports are
# several brokers.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
target=${CARGO_TARGET_DIR:-$here/../../target}
home=$target/kafka
port=${KAFKA_PORT:-19092}
bootstrap=127.0.0.1:$port
broker=$home/$port
pid_file=$broker/pid

fail() {
    echo "kafka: $*" >&2
    exit 1
}

# Nothing else may be stopped, however old the file with the number is.
running() {
    [ -f "$pid_file" ] && ps -p "$(cat "$pid_file")" -o args= 2>/dev/null | grep -q "kafka\.Kafka"
}

answers() {
    (: <"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

find_java() {
    java=${JAVA_HOME:+$JAVA_HOME/bin/}java
    command -v "$java" >/dev/null || fail "Java 17 or later is needed"
    local version
    version=$("$java" -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p')
    [ "${version:-0}" -ge 17 ] || fail "Java 17 or later is needed, this is ${version:-none}"
}

fetch() {
    cmp -s "$here/pom.xml" "$home/lib/fetched.xml" && return
    command -v mvn >/dev/null || fail "Maven (mvn) is needed to fetch the jars"
    rm -rf "$home/lib"
    mkdir -p "$home/lib"
    echo "kafka: fetching Apache Kafka's jars" >&2
    mvn -q -B -f "$here/pom.xml" dependency:copy-dependencies -DincludeScope=runtime \
        -DoutputDirectory="$home/lib" >&2
    cp "$here/pom.xml" "$home/lib/fetched.xml"
}

# Topics are made by whoever asks for one, as brokers do by default: the tests show that the order
# system does not rely on it.
configure() {
    cat >"$broker/server.properties" <<END
process.roles=broker,controller
node.id=1
listeners=PLAINTEXT://$bootstrap,CONTROLLER://127.0.0.1:$((port + 1))
advertised.listeners=PLAINTEXT://$bootstrap
controller.listener.names=CONTROLLER
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
controller.quorum.voters=1@127.0.0.1:$((port + 1))
log.dirs=$broker/data
log.retention.bytes=536870912
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=4
group.initial.rebalance.delay.ms=0
END
    [ -f "$broker/data/meta.properties" ] && return
    local id
    id=$("$java" -cp "$home/lib/*" kafka.tools.StorageTool random-uuid)
    "$java" -cp "$home/lib/*" kafka.tools.StorageTool format -t "$id" \
        -c "$broker/server.properties" >&2
}

start() {
    if running; then
        answers "$port" || fail "it runs, but not on port $port"
        echo "$bootstrap"
        return
    fi
    answers "$port" && fail "something else listens on port $port"
    find_java
    mkdir -p "$broker"
    home=$(cd "$home" && pwd)
    broker=$home/$port
    fetch
    configure
    nohup "$java" -Xms128m -Xmx512m -XX:+ExitOnOutOfMemoryError -cp "$home/lib/*" \
        kafka.Kafka "$broker/server.properties" >"$broker/log" 2>&1 </dev/null &
    echo $! >"$pid_file"
    for _ in $(seq 120); do
        if answers "$port"; then
            echo "$bootstrap"
            return
        fi
        running || break
        sleep 0.5
    done
    tail -n 20 "$broker/log" >&2
    fail "it did not start"
}

stop() {
    running || return 0
    local pid
    pid=$(cat "$pid_file")
    kill "$pid"
    for _ in $(seq 60); do
        running || break
        sleep 0.5
    done
    ! running || fail "process $pid does not end"
    rm -f "$pid_file"
}

case ${1:-start} in
    fetch)
        find_java
        mkdir -p "$home"
        home=$(cd "$home" && pwd)
        fetch
        ;;
    start) start ;;
    stop) stop ;;
    clean)
        stop
        rm -rf "$broker"
        ;;
    *) fail "not fetch, start, stop or clean: $1" ;;
esac

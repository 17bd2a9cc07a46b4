package dev.runnel.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.testkit.Await;
import dev.runnel.testkit.process.Child;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code doctor} of what {@code replicate} wrote, in both layouts, and what {@code -repair} does to it. */
@Tag("slow")
final class DoctorTest {
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final Pattern TXID = Pattern.compile("[0-9a-f]{16}-([0-9a-f]{16})\\.ltx");
    private static final Pattern INDEX = Pattern.compile("([0-9a-f]{8})_00000000\\.wal\\.lz4");
    private static final byte[] NO_HEADERS = new byte[8192];

    @TempDir
    private Path folder;

    private Path database = Path.of("");
    private Path config = Path.of("");

    @BeforeEach
    void replicate() throws Exception {
        database = folder.resolve("app.db");
        config = Files.writeString(
                folder.resolve("runnel.yml"), """
                dbs:
                  - path: %s
                    replicas:
                      - {name: ltx, path: %s}
                      - {name: generations, path: %s, layout: generations}
                """.formatted(database, folder.resolve("one"), folder.resolve("two")));
        try (Application application = Application.start(database)) {
            for (String round : List.of("first", "second", "third")) {
                application.orders(5, round);
                run(0, "replicate", "-once", "-config", config.toString());
            }
        }
    }

    @Test
    void nothingIsWrongWithWhatWasReplicated() {
        assertThat(doctor(0)).contains("2 replicas: 0 faults, 0 repaired, 0 not examined");
        assertThat(run(0, "doctor", "-config", config.toString(), "-replica", "ltx", database.toString()))
                .contains("1 replica: 0 faults");
    }

    @Test
    void whatIsFoundWhileAProcessFollowsTheDatabaseIsNotRepaired() throws Exception {
        List<Path> leftovers = List.of(leaveAnUpload("one/ltx/0"), leaveAnUpload("two/generations"));
        Path lock = folder.resolve(".app.db-runnel/lock");
        String lastHolder = Files.readString(lock);
        try (Child replicate = Child.start(RunnelCommand.of("replicate", "-config", config.toString()), Map.of())) {
            Await.until(
                    "the database is followed",
                    LIMIT,
                    () -> !Files.readString(lock).equals(lastHolder));
            Await.until(
                    "it removes leftovers at its start",
                    LIMIT,
                    () -> leftovers.stream().noneMatch(Files::exists));
            Path another = leaveAnUpload("two/generations");

            assertThat(doctor(1)).contains("is followed by process ", "-repair would remove: ", "1 fault");
            assertThat(doctor(1, "-repair")).contains("not repaired, because it is followed by process ");

            assertThat(another).exists();
            assertThat(replicate.isAlive()).isTrue();
        }
    }

    @Test
    void aDryRunChangesNothingAndARepairLosesNoPoint() throws Exception {
        Map<String, Long> points = restoreEveryPoint("before");
        assertThat(points).hasSizeGreaterThanOrEqualTo(6);
        List<Path> leftovers = List.of(leaveAnUpload("one/ltx/0"), leaveAnUpload("two/generations"));
        Path ledger = folder.resolve(".app.db-runnel/ledger");
        Files.write(ledger, NO_HEADERS);
        Map<Path, Long> files = files();

        String said = doctor(1);

        assertThat(said).contains("2 replicas: 3 faults, 0 repaired", "-repair would remove: " + ledger);
        leftovers.forEach(leftover -> assertThat(said).contains("" + leftover.getFileName()));
        assertThat(files()).isEqualTo(files);

        assertThat(doctor(0, "-repair")).contains("2 replicas: 0 faults, 3 repaired", "removed: " + ledger);

        Map<Path, Long> expected = new TreeMap<>(files);
        leftovers.forEach(expected::remove);
        expected.remove(ledger);
        assertThat(files()).isEqualTo(expected);
        assertThat(restoreEveryPoint("after")).isEqualTo(points);
        run(0, "replicate", "-once", "-config", config.toString());
        assertThat(restoreEveryPoint("later")).containsAllEntriesOf(points);
        assertThat(doctor(0)).contains("2 replicas: 0 faults");
    }

    @Test
    void whatWasTakenAwayIsNamed() throws Exception {
        Path newest = lastFile("one/ltx/0", TXID);
        Files.delete(newest);
        Path wal = lastFile("two/generations", INDEX);
        Files.delete(wal);
        Path log = folder.resolve(".app.db-runnel/log");
        Path changes = lastFile(".app.db-runnel/log", Pattern.compile("([0-9a-f]{16})\\.change"));
        String here = changes.getFileName().toString().substring(0, 16);

        String said = doctor(1);

        assertThat(said)
                .contains("local: " + database + " (ltx): " + log, "local: " + database + " (generations): " + log)
                .contains("the replica lacks TXID " + here + ", which the change log has");
    }

    private Path leaveAnUpload(String where) throws IOException {
        Path upload = folder.resolve(where).resolve("0000000000000003-0000000000000003.ltx.runnel-1.tmp");
        Files.writeString(upload, "cut short");
        Files.setLastModifiedTime(upload, FileTime.from(Instant.now().minus(Duration.ofDays(2))));
        return upload;
    }

    /** The digest of each state of each replica that a restore gives. */
    private Map<String, Long> restoreEveryPoint(String round) throws IOException {
        Map<String, Long> points = new TreeMap<>();
        for (String replica : List.of("one", "two")) {
            for (String txid : txids(replica)) {
                Path output = folder.resolve("restored-" + round + "-" + replica + "-" + txid);
                run(0, "restore", "-o", output.toString(), "-txid", txid, RunnelCommand.url(folder.resolve(replica)));
                FileDigests.of(output).values().forEach(digest -> points.put(replica + " " + txid, digest));
                Files.delete(output);
            }
        }
        return points;
    }

    private List<String> txids(String replica) throws IOException {
        try (Stream<Path> found = Files.walk(folder.resolve(replica))) {
            return found.map(file -> file.getFileName().toString())
                    .flatMap(DoctorTest::txid)
                    .distinct()
                    .toList();
        }
    }

    private static Stream<String> txid(String name) {
        Matcher ltx = TXID.matcher(name);
        if (ltx.matches()) {
            return Stream.of(ltx.group(1));
        }
        Matcher wal = INDEX.matcher(name);
        return wal.matches()
                ? Stream.of(String.format(Locale.ROOT, "%016x", Long.parseLong(wal.group(1), 16) + 1))
                : Stream.empty();
    }

    private Path lastFile(String where, Pattern name) throws IOException {
        try (Stream<Path> found = Files.walk(folder.resolve(where))) {
            return found.filter(
                            file -> name.matcher(file.getFileName().toString()).matches())
                    .max(Path::compareTo)
                    .orElseThrow();
        }
    }

    /** Everything but the lock, which names its last holder. */
    private Map<Path, Long> files() throws IOException {
        Map<Path, Long> digests = FileDigests.of(folder);
        digests.remove(folder.resolve(".app.db-runnel/lock"));
        return digests;
    }

    private String doctor(int exit, String... flags) {
        String[] arguments = Stream.of(
                        Stream.of("doctor", "-config", config.toString()),
                        Stream.of(flags),
                        Stream.of(database.toString()))
                .flatMap(part -> part)
                .toArray(String[]::new);
        return run(exit, arguments);
    }

    private static String run(int exit, String... arguments) {
        return RunnelCommand.run(LIMIT, exit, arguments);
    }
}

package dev.runnel.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/** The folder {@code /data} in which the recorded command lines ran, made again in a temporary folder. */
final class GoldenWorld {
    private final Path data;
    private final Path fixtures;

    GoldenWorld(Path data, Path fixtures) {
        this.data = data;
        this.fixtures = fixtures;
    }

    void build() throws IOException {
        try (Stream<Path> configs = Files.list(fixtures.resolve("cli/config"))) {
            for (Path config : configs.toList()) {
                Files.writeString(data.resolve(config.getFileName()), here(Files.readString(config)));
            }
        }
        Path source = fixtures.resolve("plain-512");
        Instant newest = Instant.MIN;
        for (String line : Files.readAllLines(source.resolve("times.tsv"))) {
            int tab = line.indexOf('\t');
            if (!line.startsWith("#")) {
                Instant time = Instant.parse(line.substring(tab + 1));
                newest = time.isAfter(newest) ? time : newest;
                copy(source.resolve("replica"), line.substring(0, tab), data.resolve("replica"), time);
                if (isAtSecond(line)) {
                    copy(source.resolve("replica"), line.substring(0, tab), data.resolve("second"), time);
                }
            }
        }
        try (InputStream in = new GZIPInputStream(Files.newInputStream(source.resolve("latest.db.gz")))) {
            Files.copy(in, data.resolve("app.db"));
        }
        Files.setLastModifiedTime(data.resolve("app.db"), FileTime.from(newest.plusMillis(1500)));
        Files.createDirectory(data.resolve("other2"));
        Files.createFile(data.resolve("side.db-wal"));
        Files.createFile(data.resolve("zero2.db"));
        Files.createFile(data.resolve("zero2.db-wal"));
    }

    /** A second replica of Litestream 0.3 missed the newest generation. */
    private static boolean isAtSecond(String line) {
        return line.startsWith("generations/") && !line.contains("545a94b99c59df70");
    }

    private static void copy(Path replica, String file, Path to, Instant time) throws IOException {
        Path target = to.resolve(file);
        Files.createDirectories(target.getParent());
        Files.copy(replica.resolve(file), target);
        Files.setLastModifiedTime(target, FileTime.from(time));
    }

    /**
     * Runs a recorded command line, given without the name of the program. In what it printed, the temporary folder and
     * everything that varies is replaced as in the recordings.
     */
    Outcome run(List<String> arguments, Map<String, String> environment) throws IOException {
        Files.deleteIfExists(data.resolve("out.db"));
        Files.write(data.resolve("zero.db"), new byte[0]);
        Map<String, String> variables = new TreeMap<>();
        environment.forEach((name, value) -> variables.put(name, here(value)));
        Outcome outcome = Outcome.of(arguments.stream().map(this::here).toList(), data, variables);
        return new Outcome(outcome.exit(), recorded(outcome.stdout()), recorded(outcome.stderr()));
    }

    private String here(String text) {
        return text.replace("/data", data.toString());
    }

    private String recorded(String printed) {
        return printed.replace(data.toString(), "/data")
                .replaceAll("time=[0-9T:.Z+-]+", "time=<TIME>")
                .replaceAll("\"duration_ms\": [0-9]+", "\"duration_ms\": <N>");
    }
}

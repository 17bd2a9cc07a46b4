package dev.runnel.restore;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.runnel.ltx.Txid;
import dev.runnel.replica.RestoreTarget;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A replica that a real Litestream wrote, and what the real program restores from it. */
record Fixture(Path folder) {
    private static final Path ALL = Path.of(System.getProperty("runnel.project"), "fixtures");

    /**
     * One restore of the real program.
     *
     * @param sha256 of the file that came out, empty where it was an error
     * @param error the message, empty where a file came out
     * @param target how the replica was named: url or config
     */
    record Entry(List<String> arguments, Optional<String> sha256, String error, String note, String target) {
        RestoreTarget restoreTarget() {
            if (arguments.isEmpty()) {
                return new RestoreTarget.Latest();
            }
            return arguments.getFirst().equals("-txid")
                    ? new RestoreTarget.AtTxid(Txid.parse(arguments.get(1)))
                    : new RestoreTarget.AtTime(Instant.parse(arguments.get(1)));
        }

        String name() {
            return String.join(" ", arguments) + (target.equals("config") ? " (by configuration)" : "") + " " + note;
        }
    }

    static Fixture of(String name) {
        return new Fixture(ALL.resolve(name));
    }

    String name() {
        return ALL.relativize(folder).toString();
    }

    List<Entry> entries() throws IOException {
        JsonObject expected = JsonParser.parseString(Files.readString(folder.resolve("expected.json")))
                .getAsJsonObject();
        List<Entry> entries = new ArrayList<>();
        for (JsonElement element : expected.getAsJsonArray("restores")) {
            JsonObject entry = element.getAsJsonObject();
            List<String> arguments = new ArrayList<>();
            entry.getAsJsonArray("args").forEach(argument -> arguments.add(argument.getAsString()));
            entries.add(new Entry(
                    arguments,
                    text(entry, "sha256"),
                    text(entry, "error").orElse(""),
                    text(entry, "note").orElse(""),
                    text(entry, "target").orElse("url")));
        }
        return entries;
    }

    /** The entry with these arguments. */
    Entry entry(String... arguments) throws IOException {
        return entries().stream()
                .filter(entry -> entry.arguments().equals(List.of(arguments)))
                .findFirst()
                .orElseThrow();
    }

    /** Copies the replica and sets the times that git does not keep. */
    Path copyTo(Path target) {
        try {
            Path replica = folder.resolve("replica");
            try (Stream<Path> files = Files.walk(replica)) {
                for (Path file : files.toList()) {
                    Path copy = target.resolve(replica.relativize(file).toString());
                    if (Files.isDirectory(file)) {
                        Files.createDirectories(copy);
                    } else {
                        Files.copy(file, copy);
                    }
                }
            }
            List<String> times = Files.readAllLines(folder.resolve("times.tsv"));
            for (String line : times.subList(1, times.size())) {
                int tab = line.indexOf('\t');
                Instant time = Instant.parse(line.substring(tab + 1));
                Files.setLastModifiedTime(target.resolve(line.substring(0, tab)), FileTime.from(time));
            }
            return target;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<String> text(JsonObject object, String name) {
        return object.has(name) && object.get(name).isJsonPrimitive()
                ? Optional.of(object.get(name).getAsString())
                : Optional.empty();
    }
}

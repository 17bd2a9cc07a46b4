package dev.runnel.cli;

import com.google.gson.stream.JsonWriter;
import dev.runnel.cli.DatabaseRestore.Outcome;
import dev.runnel.cli.config.Config;
import dev.runnel.cli.output.Json;
import dev.runnel.platform.RunnelException;
import dev.runnel.setup.DatabaseConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Restores all databases of a configuration, one after the other: those that are not there, or with {@code -force} all. What
 * goes wrong with one does not keep the others from being restored.
 */
final class RestoreAll {
    private final Terminal terminal;
    private final RestoreFlags flags;
    private final DatabaseRestore restore;
    private final List<Entry> entries = new ArrayList<>();

    RestoreAll(Terminal terminal, RestoreFlags flags, DatabaseRestore restore) {
        this.terminal = terminal;
        this.flags = flags;
        this.restore = restore;
    }

    /** How it went, as the JSON calls it. */
    private enum Status {
        RESTORED,
        PLANNED,
        EXISTS,
        NO_BACKUP,
        FAILED
    }

    private record Entry(Path database, Status status, Optional<RestoreResult> result, Optional<IOException> fault) {
        static Entry of(Path database, Status status) {
            return new Entry(database, status, Optional.empty(), Optional.empty());
        }
    }

    ExitStatus run(Config config) throws IOException {
        for (DatabaseConfig database : config.databases()) {
            Entry entry = restore(database, config);
            entries.add(entry);
            tell(entry);
        }
        if (flags.asJson.value() && !flags.dryRun.value()) {
            Json.print(terminal.out(), this::write);
        }
        if (!flags.quiet.value()) {
            terminal.err().println(summary());
        }
        boolean failed = entries.stream().anyMatch(entry -> entry.status() == Status.FAILED);
        return failed ? ExitStatus.FAILURE : ExitStatus.SUCCESS;
    }

    private Entry restore(DatabaseConfig database, Config config) throws IOException {
        Path path = database.path();
        if (Files.exists(path) && !flags.replacesExisting() && !flags.dryRun.value()) {
            return Entry.of(path, Status.EXISTS);
        }
        ReplicaSource source = ReplicaSource.of(database, config);
        try {
            return switch (restore.run(source, path)) {
                case Outcome.Restored(RestoreResult result) ->
                    new Entry(path, Status.RESTORED, Optional.of(result), Optional.empty());
                case Outcome.Planned(RestorePlanText plan) -> {
                    show(plan);
                    yield Entry.of(path, Status.PLANNED);
                }
                case Outcome.NoBackup() -> Entry.of(path, Status.NO_BACKUP);
            };
        } catch (IOException e) {
            return new Entry(path, Status.FAILED, Optional.empty(), Optional.of(e));
        }
    }

    private void show(RestorePlanText plan) throws IOException {
        if (flags.asJson.value()) {
            plan.printJson(terminal.out());
        } else {
            plan.print(terminal.out());
        }
    }

    /** What failed is said in any case, and so is what the user should know. */
    private void tell(Entry entry) {
        entry.result().ifPresent(result -> result.warnings().forEach(terminal.err()::println));
        if (entry.fault().isPresent()) {
            terminal.err()
                    .println("Error: " + entry.database() + ": "
                            + entry.fault().get().getMessage());
            if (entry.fault().get() instanceof RunnelException known
                    && !known.nextStep().isEmpty()) {
                terminal.err().println(known.nextStep());
            }
        } else if (!flags.quiet.value()) {
            switch (entry.status()) {
                case RESTORED -> entry.result().orElseThrow().lines().forEach(terminal.err()::println);
                case EXISTS -> terminal.err().println(entry.database() + " exists already, and stays as it is");
                case NO_BACKUP -> terminal.err().println(entry.database() + ": no matching backups found");
                case PLANNED, FAILED -> {}
            }
        }
    }

    private String summary() {
        Map<Status, String> words = new LinkedHashMap<>();
        words.put(Status.RESTORED, "restored");
        words.put(Status.PLANNED, "planned");
        words.put(Status.EXISTS, "there already");
        words.put(Status.NO_BACKUP, "without a backup");
        words.put(Status.FAILED, "failed");
        List<String> parts = new ArrayList<>();
        words.forEach((status, word) -> {
            long count =
                    entries.stream().filter(entry -> entry.status() == status).count();
            if (count > 0) {
                parts.add(count + " " + word);
            }
        });
        String noun = entries.size() == 1 ? " database: " : " databases: ";
        return entries.size() + noun + String.join(", ", parts);
    }

    private void write(JsonWriter json) throws IOException {
        json.beginArray();
        for (Entry entry : entries) {
            json.beginObject();
            json.name("db_path").value(entry.database().toString());
            json.name("status").value(entry.status().name().toLowerCase(Locale.ROOT));
            if (entry.result().isPresent()) {
                entry.result().get().writeFields(json);
            }
            if (entry.fault().isPresent()) {
                json.name("error").value(entry.fault().get().getMessage());
            }
            json.endObject();
        }
        json.endArray();
    }
}

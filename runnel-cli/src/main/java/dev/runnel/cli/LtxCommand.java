package dev.runnel.cli;

import com.google.gson.stream.JsonWriter;
import dev.runnel.cli.flags.Flag;
import dev.runnel.cli.flags.FlagSet;
import dev.runnel.cli.output.Json;
import dev.runnel.cli.output.Table;
import dev.runnel.cli.output.Times;
import dev.runnel.replica.inventory.HistoryObject;
import dev.runnel.setup.ReplicaConfig;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** {@code ltx}: the files of a replica, from names and times. */
final class LtxCommand implements Command {
    private static final int HIGHEST_LEVEL = 9;

    private final Terminal terminal;
    private final FlagSet flags = new FlagSet("runnel ltx", "DB_PATH or REPLICA");
    private final ConfigFlags configFlags;
    private final ReplicaFlag replicaFlag;
    private final Flag<Optional<Integer>> level;
    private final Flag<Boolean> asJson;

    LtxCommand(Terminal terminal) {
        this.terminal = terminal;
        configFlags = new ConfigFlags(flags, terminal);
        replicaFlag = new ReplicaFlag(flags, "all of them, with their names in a first column.");
        level = flags.add("level", "LEVEL", Optional.of(0), LtxCommand::readLevel, """
                Which files: 0 for single changes (the default), 1 to 8 for compacted ones,
                9 for snapshots, or "all".""");
        asJson = flags.addSwitch("json", "Prints JSON instead of a table.");
    }

    @Override
    public FlagSet flags() {
        return flags;
    }

    @Override
    public String description() {
        return """
                Lists the LTX files of a replica.

                Usage:

                    runnel ltx [flags] DB_PATH     the replica of a database in the configuration
                    runnel ltx [flags] REPLICA     a folder, or a URL such as file:///backup/app

                Flags:

                """;
    }

    @Override
    public ExitStatus run(List<String> operands) throws IOException {
        if (operands.isEmpty()) {
            throw new CommandException("database path or replica URL required", "runnel ltx /path/to/db");
        }
        Operands.expectAtMost(1, operands);
        ReplicaSource source = new ReplicaFinder(configFlags).find(operands.getFirst(), ReplicaFinder.Unknown.DATABASE);
        List<ReplicaConfig> meant = replicaFlag.among(source);
        List<Listed> files = new ArrayList<>();
        for (ReplicaConfig replica : meant) {
            files.addAll(list(replica));
        }
        // Which replica it is, is only said where there is a choice: the output for one replica is Litestream's.
        FileColumns columns = meant.size() == 1 ? FileColumns.OF_ONE_REPLICA : FileColumns.OF_SEVERAL;
        if (asJson.value()) {
            Json.print(terminal.out(), json -> write(json, columns, files));
        } else {
            columns.table(files).printTo(terminal.out());
        }
        return ExitStatus.SUCCESS;
    }

    /** A file and the replica that has it. */
    private record Listed(String replica, HistoryObject file) {}

    private List<Listed> list(ReplicaConfig replica) throws IOException {
        return terminal.replicas().catalogue(replica).list().stream()
                .filter(file -> level.value().isEmpty() || level.value().get() == file.level())
                .map(file -> new Listed(replica.name(), file))
                .toList();
    }

    private enum FileColumns {
        OF_ONE_REPLICA,
        OF_SEVERAL;

        Table table(List<Listed> files) {
            Table table = new Table(cells("replica", "level", "min_txid", "max_txid", "size", "created"));
            for (Listed listed : files) {
                HistoryObject file = listed.file();
                table.add(cells(
                        listed.replica(),
                        Integer.toString(file.level()),
                        file.min().toString(),
                        file.max().toString(),
                        Long.toString(file.size()),
                        Times.show(file.time())));
            }
            return table;
        }

        private String[] cells(String... all) {
            return this == OF_SEVERAL ? all : Arrays.copyOfRange(all, 1, all.length);
        }
    }

    private static void write(JsonWriter json, FileColumns columns, List<Listed> files) throws IOException {
        json.beginArray();
        for (Listed listed : files) {
            HistoryObject file = listed.file();
            json.beginObject();
            if (columns == FileColumns.OF_SEVERAL) {
                json.name("replica").value(listed.replica());
            }
            json.name("level").value(file.level());
            json.name("min_txid").value(file.min().toString());
            json.name("max_txid").value(file.max().toString());
            json.name("size").value(file.size());
            json.name("timestamp").value(Times.show(file.time()));
            json.endObject();
        }
        json.endArray();
    }

    /** Empty means all. */
    private static Optional<Integer> readLevel(String text) {
        if (text.equals("all")) {
            return Optional.empty();
        }
        int number;
        try {
            number = Integer.parseInt(text);
        } catch (NumberFormatException _) {
            throw new IllegalArgumentException("invalid level: must be 0-9 or \"all\"");
        }
        if (number < 0 || number > HIGHEST_LEVEL) {
            throw new IllegalArgumentException("level must be between 0 and 9");
        }
        return Optional.of(number);
    }
}

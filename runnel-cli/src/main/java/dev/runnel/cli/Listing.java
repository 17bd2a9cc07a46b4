package dev.runnel.cli;

import dev.runnel.cli.output.Times;
import dev.runnel.cli.output.TruncatedDuration;
import dev.runnel.ltx.Txid;
import dev.runnel.replica.History;
import dev.runnel.replica.generations.Generation;
import dev.runnel.replica.generations.GenerationObject;
import dev.runnel.replica.inventory.HistoryObject;
import dev.runnel.replica.ltx.LtxKeys;
import dev.runnel.setup.HistoryGeneration;
import dev.runnel.setup.ReplicaConfig;
import dev.runnel.setup.Replicas;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What one of the commands {@code generations}, {@code snapshots} and {@code wal} lists of a replica: in rows of numbers
 * and texts, as Litestream 0.3 shows them. In the {@code ltx} layout a generation is a chain, its name the TXID it starts
 * from, and an index is a TXID.
 */
enum Listing {
    GENERATIONS(
            "generations",
            "Lists the generations of the replicas of a database: unbroken histories, each from a snapshot on.",
            "database path or replica URL required",
            "name generation lag start end"),
    SNAPSHOTS(
            "snapshots",
            "Lists the snapshots at the replicas of a database.",
            "database path required",
            "replica generation index size created"),
    WAL(
            "wal",
            "Lists the changes at the replicas of a database, one row per object.",
            "database path required",
            "replica generation index offset size created");

    final String command;
    final String description;
    final String withoutOperand;
    private final String columns;

    Listing(String command, String description, String withoutOperand, String columns) {
        this.command = command;
        this.description = description;
        this.withoutOperand = withoutOperand;
        this.columns = columns;
    }

    /** What the cells of a row are called. */
    List<String> columns() {
        return List.of(columns.split(" ", -1));
    }

    /**
     * Where the rows come from.
     *
     * @param changed when the database last changed, as far as is known
     */
    record Source(ReplicaConfig replica, Replicas replicas, Instant changed) {}

    /** The rows of one replica, in the order in which they are shown. */
    List<List<Object>> rows(Source source, Optional<String> generation) throws IOException {
        List<List<Object>> rows = new ArrayList<>();
        switch (this) {
            case GENERATIONS -> generations(source, rows);
            case SNAPSHOTS, WAL -> objects(source, rows);
        }
        rows.removeIf(row -> generation.isPresent() && !row.get(1).equals(generation.get()));
        return rows;
    }

    private static void generations(Source source, List<List<Object>> rows) throws IOException {
        Path unused = Path.of("");
        for (HistoryGeneration generation : source.replicas.eachGeneration(source.replica, unused)) {
            rows.add(List.of(
                    source.replica.name(),
                    generation.name(),
                    TruncatedDuration.show(Duration.between(generation.end(), source.changed)),
                    Times.show(generation.start()),
                    Times.show(generation.end())));
        }
    }

    private void objects(Source source, List<List<Object>> rows) throws IOException {
        for (Generation generation :
                source.replicas.generationCatalogue(source.replica).list()) {
            for (GenerationObject object : this == WAL ? generation.segments() : generation.snapshots()) {
                rows.add(row(source, object));
            }
        }
        History history = source.replicas.ltxToRead(source.replica).history();
        for (HistoryObject file : source.replicas.catalogue(source.replica).list()) {
            if (file.level() == (this == WAL ? LtxKeys.CHANGE_SETS : LtxKeys.BASELINES)) {
                rows.add(row(source, history, file));
            }
        }
    }

    private static List<Object> row(Source source, GenerationObject object) {
        List<Object> row = new ArrayList<>(List.of(source.replica.name(), object.generation(), (long) object.index()));
        if (object instanceof GenerationObject.Segment segment) {
            row.add(segment.offset());
        }
        row.add(object.size());
        row.add(Times.show(object.time()));
        return row;
    }

    private List<Object> row(Source source, History history, HistoryObject file) {
        List<Object> row = new ArrayList<>(List.of(
                source.replica.name(), chain(history, file.max()), file.max().toString()));
        if (this == WAL) {
            row.add(0L);
        }
        row.add(file.size());
        row.add(Times.show(file.time()));
        return row;
    }

    /** The chain that a TXID is in, by name; empty if no chain reaches it. */
    private static String chain(History history, Txid txid) {
        return history.chains().stream()
                .map(History.Chain::txids)
                .filter(txids -> !txids.min().isAfter(txid) && !txid.isAfter(txids.max()))
                .findFirst()
                .map(txids -> txids.min().toString())
                .orElse("");
    }
}

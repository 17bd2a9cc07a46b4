package dev.runnel.doctor;

import dev.runnel.ledger.LedgerCondition;
import dev.runnel.ledger.LedgerException;
import dev.runnel.log.ChangeLog;
import dev.runnel.log.LogException;
import dev.runnel.log.LoggedStates;
import dev.runnel.log.LoggedStates.Condition;
import dev.runnel.ltx.Txid;
import dev.runnel.platform.Disk;
import dev.runnel.replica.HistoryExtent;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Examines what Runnel keeps of a database on this machine. A process may follow the database meanwhile: nothing that it
 * may be about to do counts as a fault.
 *
 * @param log the folder of the change log
 * @param ledger the file of the ledger
 */
public record LocalFiles(Disk disk, Path log, Path ledger) {
    private static final String REBUILT =
            "No action needed: the next \"runnel replicate\" rebuilds it from the database or from a replica.";
    private static final String SHIPPED =
            "Start \"runnel replicate\": it uploads them. Do not use \"runnel reset\" before that.";

    /** What is wrong with them; nothing where the database was never followed. */
    public List<Fault> faults() throws IOException {
        List<Fault> found = new ArrayList<>();
        Optional<Condition> condition = Optional.empty();
        boolean isUsable = true;
        try {
            condition = states().condition();
            condition.flatMap(Condition::useless).map(this::useless).ifPresent(found::add);
        } catch (LogException.Damaged e) {
            isUsable = false;
            found.add(Fault.of(
                    Kind.LOCAL,
                    log.toString(),
                    "the newest change set cannot be used, so the local history cannot be continued: " + e.reason(),
                    Stake.NOTHING,
                    "Check this disk. The next \"runnel replicate\" compares the database with the replica, and uploads"
                            + " what differs."));
        }
        if (isUsable && condition.isPresent()) {
            ledgerFault(condition.get()).ifPresent(found::add);
        }
        return List.copyOf(found);
    }

    private LoggedStates states() {
        return new LoggedStates(disk, log);
    }

    private Fault useless(ChangeLog.Dropped dropped) {
        return Fault.of(
                Kind.LOCAL,
                log.toString(),
                dropped.files() + " change sets up to TXID " + dropped.newest()
                        + " cannot be used, because newer ones do not follow them: " + dropped.reason(),
                Stake.NOTHING,
                "No action needed: the next \"runnel replicate\" removes them. What a replica lacks of them becomes one file"
                        + " with the pages that have changed since.");
    }

    private Optional<Fault> ledgerFault(Condition logged) throws IOException {
        try {
            Optional<Txid> durable = LedgerCondition.durable(disk, ledger);
            if (durable.isEmpty()) {
                return Optional.of(ledgerFault("there is none", List.of()));
            }
            boolean cannotBeRedone = logged.first().isAfter(durable.get().next());
            boolean isAhead = durable.get().isAfter(states().newest().orElse(logged.newest()));
            return cannotBeRedone || isAhead
                    ? Optional.of(ledgerFault(
                            "it is durable up to TXID " + durable.get() + ", and the change log has "
                                    + TxidText.range(logged.first(), logged.newest()),
                            List.of(ledger.toString())))
                    : Optional.empty();
        } catch (LedgerException.Lost e) {
            return Optional.of(ledgerFault(e.reason(), List.of(ledger.toString())));
        }
    }

    private Fault ledgerFault(String what, List<String> removable) {
        String text = "the ledger cannot be used: " + what;
        return new Fault(Kind.LOCAL, ledger.toString(), text, Stake.NOTHING, REBUILT, removable);
    }

    /** Who wrote the local history; empty where there is none that could be continued. */
    public OptionalLong lineage() throws IOException {
        try {
            return states().lineage();
        } catch (LogException.Damaged _) {
            return OptionalLong.empty();
        }
    }

    /**
     * What one of the two has and the other lacks, where both are the same history.
     *
     * @param there the history at the replica, listed before this is called
     * @param isFollowed whether a process may be shipping right now
     */
    public List<Fault> difference(HistoryExtent there, boolean isFollowed) throws IOException {
        OptionalLong lineage = lineage();
        Optional<Txid> newest = states().newest();
        boolean isSame = lineage.isPresent() && lineage.equals(there.lineage());
        if (!isSame || newest.isEmpty() || there.txids().isEmpty()) {
            return List.of();
        }
        Txid here = newest.get();
        Txid reached = there.txids().get().max();
        if (reached.isAfter(here)) {
            return List.of(
                    Fault.of(
                            Kind.LOCAL,
                            log.toString(),
                            "it ends at TXID " + here + ", and the replica at TXID " + reached
                                    + " of the same history: local files are older than they were, or another machine follows a copy"
                                    + " of the database",
                            Stake.POINTS,
                            "Make sure that only one machine follows the database. Runnel continues above what is at the replica."));
        }
        if (here.isAfter(reached) && !isFollowed) {
            return List.of(Fault.of(
                    Kind.LOCAL,
                    log.toString(),
                    "the replica lacks " + TxidText.range(reached.next(), here)
                            + ", which the change log has, and no process follows the database",
                    Stake.POINTS,
                    SHIPPED));
        }
        return List.of();
    }
}

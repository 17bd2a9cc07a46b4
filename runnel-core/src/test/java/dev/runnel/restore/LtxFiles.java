package dev.runnel.restore;

import dev.runnel.platform.Disk;
import dev.runnel.replica.Changes;
import dev.runnel.replica.DatabaseImage;
import dev.runnel.replica.History;
import dev.runnel.replica.PlanSource;
import dev.runnel.replica.Position;
import dev.runnel.replica.Replica;
import dev.runnel.replica.RestorePlan;
import dev.runnel.replica.RestoreTarget;
import dev.runnel.replica.ltx.LtxCatalogue;
import dev.runnel.replica.ltx.LtxKeys;
import dev.runnel.replica.ltx.LtxPlanSource;
import dev.runnel.replica.ltx.LtxPlanner;
import dev.runnel.store.FolderStore;
import dev.runnel.store.ObjectStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/** A replica that is only read: the files of the {@code ltx} layout in a store. */
record LtxFiles(ObjectStore store) implements Replica {
    static LtxFiles in(Path folder) {
        return new LtxFiles(new FolderStore(Disk.system(), folder));
    }

    private LtxPlanner planner() throws IOException {
        return new LtxPlanner(store.location(), new LtxCatalogue(store, LtxKeys.folder()).list());
    }

    @Override
    public RestorePlan plan(RestoreTarget target, Set<String> damaged) throws IOException {
        return planner().without(damaged).plan(target);
    }

    @Override
    public PlanSource read(RestorePlan plan) throws IOException {
        return LtxPlanSource.open(store, plan);
    }

    @Override
    public History history() throws IOException {
        return planner().history();
    }

    @Override
    public Position position() throws IOException {
        LtxPlanner planner = planner();
        return new Position(planner.whole(), planner.highest(), planner.whole().next(), Optional.empty());
    }

    @Override
    public void append(Changes changes) {
        throw new AssertionError("this replica is only read");
    }

    @Override
    public void baseline(DatabaseImage image) {
        throw new AssertionError("this replica is only read");
    }

    @Override
    public String description() {
        return store.location();
    }
}

package dev.runnel.replica.ltx;

import dev.runnel.replica.ReplicaException;
import dev.runnel.replica.RestorePlan.PlannedFile;
import dev.runnel.store.StoreException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * The bytes of a file of a plan. Damage that the store finds is damage of the file, for which there may be a way round; so may
 * there be if it is gone when its connection was lost and is to be made again.
 */
final class PlanInput extends FilterInputStream {
    private final PlannedFile file;
    private final String source;

    /** @param source the file, as messages name it */
    PlanInput(PlannedFile file, String source, InputStream in) {
        super(in);
        this.file = file;
        this.source = source;
    }

    /** What a fault of the store means for a file of a plan. */
    static IOException translated(PlannedFile file, String source, StoreException fault) {
        return switch (fault) {
            case StoreException.NotFound gone -> new ReplicaException.Vanished(source, gone);
            case StoreException.Damaged damage ->
                new ReplicaException.Damaged(file.key(), damage.reason(), damage.nextStep(), damage);
            default -> fault;
        };
    }

    @Override
    public int read() throws IOException {
        try {
            return in.read();
        } catch (StoreException e) {
            throw translated(file, source, e);
        }
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        try {
            return in.read(into, offset, length);
        } catch (StoreException e) {
            throw translated(file, source, e);
        }
    }

    @Override
    public long skip(long count) throws IOException {
        try {
            return in.skip(count);
        } catch (StoreException e) {
            throw translated(file, source, e);
        }
    }
}

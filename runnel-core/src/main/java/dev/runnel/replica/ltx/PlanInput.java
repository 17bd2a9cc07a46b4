package dev.runnel.replica.ltx;

import dev.runnel.replica.ReplicaException;
import dev.runnel.store.StoreException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** The bytes of a file of a plan. Damage that the store finds is damage of the file, for which there may be a way round. */
final class PlanInput extends FilterInputStream {
    private final String key;

    PlanInput(String key, InputStream in) {
        super(in);
        this.key = key;
    }

    static ReplicaException.Damaged damaged(String key, StoreException.Damaged fault) {
        return new ReplicaException.Damaged(key, fault.reason(), fault.nextStep(), fault);
    }

    @Override
    public int read() throws IOException {
        try {
            return in.read();
        } catch (StoreException.Damaged e) {
            throw damaged(key, e);
        }
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        try {
            return in.read(into, offset, length);
        } catch (StoreException.Damaged e) {
            throw damaged(key, e);
        }
    }

    @Override
    public long skip(long count) throws IOException {
        try {
            return in.skip(count);
        } catch (StoreException.Damaged e) {
            throw damaged(key, e);
        }
    }
}

package dev.runnel.replica.generations;

import dev.runnel.ltx.Txid;
import dev.runnel.sqlite.WalHeader;

/**
 * The salts of a WAL that Runnel writes. To SQLite any two numbers will do; here they are the checksum of the whole
 * database after the WAL, whose top bit is set, so that writing it again gives the same bytes, and a restore is proven.
 *
 * <p>Where several TXIDs came in one WAL, those before the last have a WAL of a header alone, because no index may be
 * missing. They stand for no state, and their salts say where the nearest are: how many TXIDs before and after.
 */
record WalSalts(int first, int second) {
    /** The salts of a WAL that stands for no state. */
    static WalSalts filler(int before, int after) {
        return new WalSalts(before, after);
    }

    boolean isFiller() {
        return first >= 0;
    }

    /** The nearest TXID before the one of a filler that has a state. */
    Txid before(Txid filler) {
        return new Txid(filler.value() - first);
    }

    /** The nearest TXID after the one of a filler that has a state. */
    Txid after(Txid filler) {
        return new Txid(filler.value() + second);
    }

    /** @param databaseChecksum with its top bit set */
    static WalSalts of(long databaseChecksum) {
        return new WalSalts((int) (databaseChecksum >>> Integer.SIZE), (int) databaseChecksum);
    }

    static WalSalts of(WalHeader header) {
        return new WalSalts(header.salt1(), header.salt2());
    }

    long databaseChecksum() {
        return ((long) first << Integer.SIZE) | (second & 0xFFFFFFFFL);
    }
}

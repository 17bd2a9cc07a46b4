package dev.runnel.replica.generations;

import dev.runnel.sqlite.WalHeader;

/**
 * The salts of a WAL that Runnel writes. To SQLite any two numbers will do; here they are the checksum of the whole
 * database after the WAL, so that writing it again gives the same bytes, and a restore is proven.
 */
record WalSalts(int first, int second) {
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

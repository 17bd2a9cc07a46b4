package dev.runnel.ltx;

/**
 * What Runnel writes into the reserved header bytes of every LTX file: see {@code docs/formats.md}.
 *
 * @param databaseChecksum the rolling checksum of the whole database after the file, top bit set
 * @param lineage the random number chosen when a replica is first written; two writers on one replica differ in it
 */
public record Proof(long databaseChecksum, long lineage) {
    public Proof {
        if (databaseChecksum >= 0) {
            throw new IllegalArgumentException(
                    "a database checksum has its top bit set: " + Long.toHexString(databaseChecksum));
        }
    }
}

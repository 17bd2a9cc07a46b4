/** The engine of Runnel: capture, change log, LTX, replicas, restore. */
module dev.runnel.core {
    requires java.sql;
    requires org.lz4.java;
    requires org.slf4j;
    requires org.xerial.sqlitejdbc;
    requires static org.jspecify;
    requires transitive dev.runnel.base;

    exports dev.runnel.capture;
    exports dev.runnel.doctor;
    exports dev.runnel.engine;
    exports dev.runnel.ledger;
    exports dev.runnel.log;
    exports dev.runnel.ltx;
    exports dev.runnel.replica;
    exports dev.runnel.replica.generations;
    exports dev.runnel.replica.inventory;
    exports dev.runnel.replica.ltx;
    exports dev.runnel.restore;
    exports dev.runnel.sqlite;
    exports dev.runnel.verify;
}

/** The engine of Runnel: capture, change log, LTX, replicas, restore. Only the packages of stores are made for others. */
module dev.runnel.core {
    requires java.sql;
    requires org.lz4.java;
    requires org.slf4j;
    requires org.xerial.sqlitejdbc;
    requires static org.jspecify;

    exports dev.runnel.location;
    exports dev.runnel.platform;
    exports dev.runnel.store;
    exports dev.runnel.capture;
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

    uses dev.runnel.location.LocationType;

    provides dev.runnel.location.LocationType with
            dev.runnel.location.FolderLocationType;
}

"""Open data: what may be published of rounds, and its description by DCAT-AP-SE 3.0, for data portals to harvest."""

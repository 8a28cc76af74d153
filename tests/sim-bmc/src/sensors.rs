//! Which sensors does the machine have? Records of the full kind with limits, and one discrete power supply.

pub(crate) struct Sensor {
    pub(crate) number: u8,
    pub(crate) kind: u8,
    /// 1 has limits, 0x6f has states of its kind.
    pub(crate) reading_kind: u8,
    pub(crate) name: &'static str,
    pub(crate) reading: u8,
    pub(crate) states: u16,
}

pub(crate) fn factory() -> Vec<Sensor> {
    let sensor = |number, kind, reading_kind, name, reading| Sensor { number, kind, reading_kind, name, reading, states: 0 };
    let mut sensors = vec![
        sensor(1, 0x01, 0x01, "CPU Temp", 45),
        sensor(2, 0x01, 0x01, "Inlet Temp", 24),
        sensor(3, 0x04, 0x01, "FAN1", 60),
        sensor(4, 0x08, 0x6f, "PSU1", 0),
    ];
    sensors[3].states = 0x0001;
    sensors
}

impl Sensor {
    /// IPMI 2.0, table 43-1.
    pub(crate) fn record(&self, id: u16) -> Vec<u8> {
        let mut body = vec![0x20, 0, self.number, 3, 1, 0x7f, 0x68, self.kind, self.reading_kind];
        body.extend([0, 0x0e, 0, 0x0e, 0x38, 0x38, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0x03, 45, 90, 1, 0xff, 0, 110, 100, 90, 0, 0, 0, 1, 1, 0, 0, 0]);
        body.push(0xc0 | self.name.len() as u8);
        body.extend(self.name.as_bytes());
        let [low, high] = id.to_le_bytes();
        [&[low, high, 0x51, 0x01, body.len() as u8], &body[..]].concat()
    }
}

//! Archives and workbooks made for tests, byte by byte, so that they can lie.

use std::io::Write;

/// A member as an honest archive has it; a test changes what it wants to lie about.
#[derive(Clone)]
pub struct Packed {
    pub name: String,
    pub bytes: Vec<u8>,
    pub size: u32,
    pub checksum: u32,
    pub method: u16,
    pub flags: u16,
    /// Offset of another member's header to point to.
    pub header: Option<u32>,
}

pub fn member(name: &str, content: impl AsRef<[u8]>) -> Packed {
    let content = content.as_ref();
    let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(content).unwrap();
    let mut checksum = flate2::Crc::new();
    checksum.update(content);
    Packed {
        name: name.into(),
        bytes: encoder.finish().unwrap(),
        size: content.len() as u32,
        checksum: checksum.sum(),
        method: 8,
        flags: 0x800,
        header: None,
    }
}

pub fn stored(name: &str, content: impl AsRef<[u8]>) -> Packed {
    Packed { method: 0, bytes: content.as_ref().to_vec(), ..member(name, content) }
}

pub fn zip(members: &[Packed]) -> Vec<u8> {
    let mut file = Vec::new();
    let mut directory = Vec::new();
    for member in members {
        let start = file.len() as u32;
        let common = |out: &mut Vec<u8>| {
            for value in [20, member.flags, member.method, 0, 0] {
                out.extend(value.to_le_bytes());
            }
            for value in [member.checksum, member.bytes.len() as u32, member.size] {
                out.extend(value.to_le_bytes());
            }
            out.extend((member.name.len() as u16).to_le_bytes());
            out.extend([0, 0]);
        };
        file.extend(b"PK\x03\x04");
        common(&mut file);
        file.extend(member.name.as_bytes());
        file.extend(&member.bytes);
        directory.extend(b"PK\x01\x02\x14\0");
        common(&mut directory);
        directory.extend([0; 10]);
        directory.extend(member.header.unwrap_or(start).to_le_bytes());
        directory.extend(member.name.as_bytes());
    }
    let start = file.len() as u32;
    file.extend(&directory);
    file.extend(b"PK\x05\x06\0\0\0\0");
    file.extend((members.len() as u16).to_le_bytes());
    file.extend((members.len() as u16).to_le_bytes());
    file.extend((directory.len() as u32).to_le_bytes());
    file.extend(start.to_le_bytes());
    file.extend([0, 0]);
    file
}

/// A workbook whose sheets have these rows, as XML within `<sheetData>`.
pub fn workbook(sheets: &[(&str, &str)]) -> Vec<u8> {
    const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
    let mut members = vec![
        member("[Content_Types].xml", format!("<Types xmlns=\"{PACKAGE}/content-types\"/>")),
        member(
            "_rels/.rels",
            format!(
                "<Relationships xmlns=\"{PACKAGE}/relationships\"><Relationship Id=\"rId1\" Type=\"{OFFICE}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        member(
            "xl/styles.xml",
            format!(
                "<styleSheet xmlns=\"{MAIN}\"><cellXfs count=\"2\"><xf numFmtId=\"0\"/><xf numFmtId=\"22\"/></cellXfs></styleSheet>"
            ),
        ),
        member(
            "xl/sharedStrings.xml",
            format!("<sst xmlns=\"{MAIN}\"><si><t>shared</t></si><si><r><t>ri</t></r><r><t>ch</t></r></si></sst>"),
        ),
    ];
    let (mut list, mut relations) = (String::new(), String::new());
    for (number, (name, rows)) in sheets.iter().enumerate() {
        let number = number + 1;
        list += &format!("<sheet name=\"{name}\" sheetId=\"{number}\" r:id=\"rId{number}\"/>");
        relations += &format!(
            "<Relationship Id=\"rId{number}\" Type=\"{OFFICE}/worksheet\" Target=\"worksheets/sheet{number}.xml\"/>"
        );
        members.push(member(
            &format!("xl/worksheets/sheet{number}.xml"),
            format!("<worksheet xmlns=\"{MAIN}\"><sheetData>{rows}</sheetData></worksheet>"),
        ));
    }
    members.push(member(
        "xl/workbook.xml",
        format!("<workbook xmlns=\"{MAIN}\" xmlns:r=\"{OFFICE}\"><sheets>{list}</sheets></workbook>"),
    ));
    members.push(member(
        "xl/_rels/workbook.xml.rels",
        format!("<Relationships xmlns=\"{PACKAGE}/relationships\">{relations}</Relationships>"),
    ));
    zip(&members)
}

/// Rows of texts as they stand in a sheet.
pub fn sheet_rows(rows: &[Vec<String>]) -> String {
    let escape = |text: &str| {
        text.replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;")
            .replace('\r', "_x000D_")
            .replace('"', "&quot;")
    };
    let mut xml = String::new();
    for (number, row) in rows.iter().enumerate() {
        xml += &format!("<row r=\"{}\">", number + 1);
        for text in row {
            xml += &format!("<c t=\"inlineStr\"><is><t xml:space=\"preserve\">{}</t></is></c>", escape(text));
        }
        xml += "</row>";
    }
    xml
}

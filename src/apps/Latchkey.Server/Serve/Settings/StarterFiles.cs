using System.Text.Json;

namespace Latchkey.Server.Serve.Settings;

/// <summary>What <c>latchkey init</c> writes: settings that say what each of them is for, a tariff to change, a list of meters to fill in.</summary>
internal static class StarterFiles
{
    public const string TariffDirectory = "tariffs", TariffFileName = "starter.json", MetersFileName = "meters-example.csv";
    public const string TariffId = "STARTER";

    public static string Settings(string name, string currency, string offset, string zone) => $$"""
        // Settings of this seller. Comments are allowed; no secret belongs here: keys and passwords lie in files of their own.
        // After a change: latchkey serve says what is wrong and at which line.
        {
          // Printed on receipts.
          "seller": { "name": {{Quoted(name)}}, "address": null, "taxNumber": "" },

          // The clock of token identifiers. One offset for ever, without summer time: never change it after the first sale.
          "utcOffset": {{Quoted(offset)}},

          // The zone in which pages show times.
          "zone": {{Quoted(zone)}},

          // The money of this seller: an ISO 4217 code. Tariffs are in it.
          "currency": {{Quoted(currency)}},

          // Where to listen. Loopback until you decide otherwise; for a network set "https" as well.
          "urls": "http://127.0.0.1:5080",
          "publicAddress": null,

          // Ways of buying. "clearing": a payment service or the caller owes the money; "float": it was paid in beforehand.
          // Amounts are in minor units (fen, cents).
          "channels": [
            { "code": "api", "funding": "clearing", "minimum": 100, "maximum": 1000000 }
          ],
          "apiChannel": "api",

          // TLS, with files inside this directory; clientAuthorities: a PEM file of those whose client certificates are believed.
          // "https": { "url": "https://0.0.0.0:5443", "certificate": "tls/server.pem", "key": "tls/server.key", "clientAuthorities": "tls/clients-ca.pem" },

          // The prepaid-utility contract v3 for third-party vending clients, under /prepaidutility/v3. Its channel must be one of the above.
          // "prepaidUtility": { "channel": "api", "utilityName": "…", "institutionId": "1", "minimum": 100, "maximum": 1000000 },

          // Whether webhooks may go to loopback and private addresses. Leave it off where strangers may add endpoints.
          "webhooks": { "allowPrivateAddresses": false },

          // Makes whose maker keeps the key and sells the tokens itself, over a service of CALIN's kind; every other meter's tokens are made here.
          // "secrets" is a file in this directory, mode 600: the password, on a second line the vending password.
          // "makers": [ { "make": "calin", "kind": "calin", "url": "https://tokens.example/api/", "company": "…", "user": "…", "secrets": "calin.secret", "timeoutSeconds": 60 } ],

          // Who makes the tokens. Keys in software, as here, are for development. With keys in a PKCS#11 token, its PIN in a file of mode 600:
          // "signer": { "kind": "in-process", "custody": "pkcs11", "library": "/usr/lib/softhsm/libsofthsm2.so", "token": "latchkey", "pinFile": "/etc/latchkey/pin" }
          // Or in a process of its own, 'latchkey signer run', which must run as the user named here:
          // "signer": { "kind": "process", "socket": "/run/latchkey-signer/signer", "user": "latchkey-signer", "timeoutSeconds": 10 }
          "signer": { "kind": "in-process" }
        }

        """;

    public static string Tariff(string currency, int minorDigits) => $$"""
        {
          "id": "{{TariffId}}",
          "utility": "",
          "currency": {{Quoted(currency)}},
          "minor_digits": {{minorDigits}},
          "valid": "2020-01-01/",
          "accumulation": "calendar_month",
          "vat": { "rate": 0, "base": [] },
          "fixed": [],
          "levies": [],
          "blocks": [ { "from": 0, "to": null, "rate": 1.00 } ]
        }

        """;

    public const string Meters = """
        pan,sgc,krn,ti,kt,base,algorithm,tariff,account,name,place
        600727000000000009,000001,1,01,2,2014,11,STARTER,C-0001,Example Customer,Building 1 Room 101

        """;

    private static string Quoted(string text) => JsonSerializer.Serialize(text, JsonText);

    private static readonly JsonSerializerOptions JsonText = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}

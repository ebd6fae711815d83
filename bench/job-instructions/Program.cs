using System.Globalization;
using Latchkey.Bench.JobInstructions;

// job-instructions JOB COUNT     does a job so many times; callgrind counts the method Jobs.Do alone
if (args is not [var name, var count] || Jobs.Find(name) is not { } job)
{
    Console.Error.WriteLine("usage: job-instructions " + string.Join('|', Jobs.Names) + " COUNT");
    return 2;
}

job.Prepare();
for (int n = 0; n < int.Parse(count, CultureInfo.InvariantCulture); n++)
{
    job.Between();
    Jobs.Do(job);
}

return 0;

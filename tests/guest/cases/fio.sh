# SPDX-License-Identifier: MIT
# packages: fio
# limit: 200
# fio writes and verifies what it reads back, by io_uring in several forms and by other engines.
for how in --ioengine=io_uring '--ioengine=io_uring --fixedbufs --registerfiles' '--ioengine=io_uring --force_async=1' \
    '--ioengine=io_uring --iodepth_batch_submit=8 --iodepth_batch_complete_min=4' '--ioengine=libaio --direct=1' \
    --ioengine=psync --ioengine=pvsync2 --ioengine=mmap --ioengine=posixaio --ioengine=splice; do
    fio --name=t --rw=randrw --verify=crc32c --size=4m --bs=4k --iodepth=16 --numjobs=2 $how --group_reporting >log 2>&1
    echo "$how: $?"
    grep -oE 'err=.[0-9]+|verify failed.*' log
done
